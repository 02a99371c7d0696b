import assert from 'node:assert/strict';

/** Less than this says nothing: one collection of garbage takes as long. */
const FLOOR_MS = 60;
/** Twice as much takes twice as long, or four times where each part is compared with each other. */
const MAX_GROWTH = 3;
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
 * a size at which work that grows with the square would take seconds. What other processes do to caches and clocks may
 * spoil one measurement, but hardly all of them.
 */
export async function assertLinear<T>(
  size: number,
  make: (size: number) => T,
  work: (input: T) => unknown,
): Promise<void> {
  const inputs = [1, 2, 4].map((factor) => make(size * factor));
  const told: string[] = [];
  // Once for the compiler.
  if (inputs[0] !== undefined) await work(inputs[0]);
  for (let tries = 0; tries < TRIES; tries += 1) {
    const measured: number[] = [];
    for (const input of inputs) measured.push(await cpuMs(() => work(input)));
    if (isInStep(measured)) return;
    told.push(measured.map((ms) => ms.toFixed(0)).join(', '));
  }
  assert.fail(`n, 2n, 4n take ${told.join(' ms, again ')} ms`);
}

function isInStep([one = 0, two = 0, four = 0]: readonly number[]): boolean {
  return four < FLOOR_MS || four < Math.max(one * MAX_GROWTH ** 2, two * MAX_GROWTH);
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
