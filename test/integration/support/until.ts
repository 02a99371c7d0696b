import type { Host } from '../../../src/model/inventory/host.ts';

/** Settles once the condition holds, looking after each change of the host; the changes have so long to come. */
export function until(host: Host, condition: () => boolean, withinMs = 500): Promise<void> {
  if (condition()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`No such change within ${withinMs} ms: ${String(condition)}`));
    }, withinMs);
    const stop = host.onChange(() => {
      if (!condition()) return;
      clearTimeout(timer);
      stop();
      resolve();
    });
  });
}
