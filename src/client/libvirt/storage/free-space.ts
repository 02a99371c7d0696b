import { statfs } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';

/** Somebody sends more than the disk can take and keep room for others. */
export class NoSpaceError extends Error {
  override readonly name = 'NoSpaceError';
  readonly code = 'no-space';
  readonly hint: string;

  constructor(folder: string, needed?: number) {
    super(
      needed === undefined
        ? t('There is no space left in {0}', folder)
        : t('There is no space for {0} MiB in {1}', Math.ceil(needed / 1024 / 1024), folder),
    );
    this.hint = t('Make room there, or choose another folder.');
  }
}

/** What stays free for everybody else: a share of the disk, and no more than this of a large one, in bytes. */
const SPARE_SHARE = 0.05;
const SPARE_BYTES = 1024 * 1024 * 1024;
/** The disk is looked at after so many bytes, or so many milliseconds of a program that writes. */
const STEP_BYTES = 4 * 1024 * 1024;
const STEP_MS = 100;

/** How many bytes may still be written to a folder. */
export async function roomIn(folder: string): Promise<number> {
  const { bavail, blocks, bsize } = await statfs(folder);
  return bavail * bsize - Math.min(SPARE_BYTES, blocks * bsize * SPARE_SHARE);
}

/**
 * Watches what arrives in a folder from somebody who may not be trusted: who sends without an end would fill the disk,
 * on which then nobody could work.
 */
export class SpaceGuard {
  readonly #folder: string;
  /** So much may be written before the disk is looked at again. */
  #granted = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** To be called before so many bytes are written. @throws NoSpaceError */
  async take(bytes: number): Promise<void> {
    this.#granted -= bytes;
    if (this.#granted >= 0) return;
    const room = await roomIn(this.#folder);
    if (room < bytes) throw new NoSpaceError(this.#folder);
    this.#granted = Math.min(STEP_BYTES, room / 2) - bytes;
  }
}

/**
 * Runs work that lets a program write to a folder; its signal ends when there is too little room left.
 * @throws NoSpaceError
 */
export async function withRoom<T>(
  folder: string,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const full = new AbortController();
  const watch = async () => {
    while (!over.signal.aborted) {
      if ((await roomIn(folder)) < 0) full.abort(new NoSpaceError(folder));
      await sleep(STEP_MS, undefined, { signal: over.signal });
    }
  };
  // It ends with the work, and where nobody can tell the room there is none to guard.
  watch().catch(() => undefined);
  try {
    return await work(AbortSignal.any([full.signal, ...(signal === undefined ? [] : [signal])]));
  } catch (error) {
    full.signal.throwIfAborted();
    throw error;
  } finally {
    over.abort();
  }
}
