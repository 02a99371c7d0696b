import { setTimeout as delay } from 'node:timers/promises';

/** For what has no event: looks again and again, for a while. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | false | undefined>,
  withinMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== false && found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}`);
    await delay(100);
  }
}
