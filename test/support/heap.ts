import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What is still used after all garbage is collected, in bytes. */
export function usedHeap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** What buffers still use after all garbage is collected, in bytes. */
export function usedBuffers(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  // Buffers are freed beside the first round, and surely when the next one begins.
  collect();
}
