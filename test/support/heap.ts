import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What is still used after all garbage is collected, in bytes. */
export function usedHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
