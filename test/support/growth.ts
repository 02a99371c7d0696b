import assert from 'node:assert/strict';

/** Less than this says nothing: one collection of garbage takes as long. */
const FLOOR_MS = 60;
/** Four times as much takes four times as long, or sixteen times where each part is compared with each other. */
const MAX_RATIO = 9;
const TRIES = 3;

/**
 * What some work takes of this thread's processor time, in ms: unlike the time on a clock it is the same on a machine
 * that has other things to do.
 */
async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

/** The least of some tries, since only what is too much says something about the work. */
async function leastMs(work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES && least > FLOOR_MS / 4; tries += 1)
    least = Math.min(least, await cpuMs(work));
  return least;
}

/**
 * Fails when work does not grow in step with its input: it is measured for `size`, twice and four times as much. Choose
 * a size at which work that grows with the square would take seconds.
 */
export async function assertLinear<T>(
  size: number,
  make: (size: number) => T,
  work: (input: T) => unknown,
): Promise<void> {
  const measured: number[] = [];
  for (const factor of [1, 2, 4]) {
    const input = make(size * factor);
    measured.push(await leastMs(() => work(input)));
  }
  const [one = 0, , four = 0] = measured;
  const isLinear = four < FLOOR_MS || four < one * MAX_RATIO;
  assert.ok(isLinear, `n, 2n, 4n take ${measured.map((ms) => ms.toFixed(0)).join(', ')} ms`);
}

/** Fails when work keeps everything else in an editor waiting for too long. */
export async function assertQuick(work: () => unknown, limitMs = 1000): Promise<void> {
  const ms = await leastMs(work);
  assert.ok(ms < limitMs, `${ms.toFixed(0)} ms`);
}

/** The same text so many times, with the number of each. */
export function repeated(count: number, text: (index: number) => string): string {
  let all = '';
  for (let index = 0; index < count; index += 1) all += text(index);
  return all;
}
