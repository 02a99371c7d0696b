import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stillRuns, thisOwner } from './owner.ts';

export interface LockOptions {
  /** Gives up waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, before waiting, when another has the lock. */
  readonly onWait?: (() => void) | undefined;
}

/** In each turn, the file that names who has the lock. An empty one: nobody any more. */
const OWNER = 'owner';
const NEW = '.new-';
const POLL_MS = 50;
/** How often an owner shows that it lives to those on other machines, and how long they believe it. */
const BEAT_MS = 10_000;
const SILENCE_MS = 60_000;

/**
 * Runs work while no other call for this path runs: in this process, in another, or on another machine with the same
 * folder. The lock of a process that died is taken over. Work must not ask for its own lock: it would wait for ever.
 *
 * `path` becomes a folder with a numbered subfolder for each turn. Whoever wants the lock moves a subfolder that names
 * it to the next number, which the system grants to one alone. A dead owner's turn is not removed but followed by the
 * next: between a look and a removal another could have followed it already.
 */
export async function withLock<T>(
  path: string,
  work: () => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const owner = join(await takeTurn(path, options), OWNER);
  const beat = setInterval(() => {
    const now = new Date();
    utimes(owner, now, now).catch(() => undefined);
  }, BEAT_MS);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    // Somebody may have deleted the folder with all that is in it.
    await truncate(owner).catch(() => undefined);
  }
}

/** Waits for the lock. Returns the folder of the turn. */
async function takeTurn(path: string, { signal, onWait }: LockOptions): Promise<string> {
  const me = await thisOwner();
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    await mkdir(path, { recursive: true, mode: 0o700 });
    const last = Math.max(0, ...(await turns(path)));
    if (last > 0 && !(await isOver(join(path, String(last))))) {
      if (!told) onWait?.();
      told = true;
      await sleep(POLL_MS, undefined, signal === undefined ? {} : { signal });
    } else if (await claim(path, last + 1, me)) {
      await tidy(path, last + 1);
      return join(path, String(last + 1));
    }
  }
}

async function turns(path: string): Promise<readonly number[]> {
  const names = await readdir(path);
  return names.map(Number).filter((number) => Number.isSafeInteger(number) && number > 0);
}

async function claim(path: string, number: number, me: string): Promise<boolean> {
  const turn = join(path, String(number));
  const prepared = await mkdtemp(join(path, NEW));
  try {
    await writeFile(join(prepared, OWNER), me);
    // Succeeds only where nothing is, since a turn is never empty.
    await rename(prepared, turn);
  } catch (error) {
    await rm(prepared, { recursive: true, force: true });
    if (isTaken(error)) return false;
    throw error;
  }
  // Others may have passed that number since it was looked for.
  if (Math.max(...(await turns(path))) === number) return true;
  // Its owner may be removing it, too.
  await rm(turn, { recursive: true, force: true }).catch(() => undefined);
  return false;
}

function isTaken(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  // Windows has other words for it.
  const inUse = process.platform === 'win32' ? ['EPERM', 'EACCES'] : [];
  return ['ENOTEMPTY', 'EEXIST', ...inUse].includes(code);
}

/** Removes the turns before this one, and what processes that died on their way to one have left. */
async function tidy(path: string, mine: number): Promise<void> {
  for (const name of await readdir(path)) {
    const entry = join(path, name);
    const isOld = name.startsWith(NEW) ? (await ageOf(entry)) > SILENCE_MS : Number(name) < mine;
    // One who was slow may move another turn to that number meanwhile; the next owner removes what is left.
    if (isOld) await rm(entry, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function isOver(turn: string): Promise<boolean> {
  const path = join(turn, OWNER);
  const owner = await readFile(path, 'utf8').catch(() => '');
  return !((await stillRuns(owner)) ?? (await ageOf(path)) < SILENCE_MS);
}

/** In milliseconds. What is gone is very old. */
async function ageOf(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => Infinity,
  );
}
