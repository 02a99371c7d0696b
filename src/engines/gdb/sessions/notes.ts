import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../../../model/files/replace-file.ts';

/**
 * What has to be undone when the editor dies during a session: written before the stub goes on, removed when it
 * is off again.
 */
export interface SessionNote {
  readonly id: string;
  /** The process that runs the session; while it lives the note is its business. */
  readonly pid: number;
  /** When that process started, since numbers are given again. */
  readonly processStart: string;
  /** The URI of the host. */
  readonly host: string;
  readonly uuid: string;
  readonly domainName: string;
  /** The run of the domain: a domain that was started again has nothing of ours. */
  readonly domainId: number;
  readonly found: 'running' | 'paused';
  /** The domain was made or started for the session, and goes with it. */
  readonly launched: boolean;
  /** Folders of ours on this machine that go as well. */
  readonly folders: readonly string[];
  /** Copies of ours on the host, by their paths there. */
  readonly uploads: readonly string[];
}

/** Kept as files: they are on the disk when the call returns, whatever happens to the editor afterwards. */
export class SessionNotes {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(note: SessionNote): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeWhole(this.#path(note.id), JSON.stringify(note), { mode: 0o600 });
  }

  async remove(id: string): Promise<void> {
    await rm(this.#path(id), { force: true });
  }

  /** Those whose editor is gone. */
  async orphans(): Promise<readonly SessionNote[]> {
    const files = await readdir(this.#folder).catch(() => []);
    const notes = await Promise.all(
      files.filter((file) => file.endsWith('.json')).map((file) => this.#read(join(this.#folder, file))),
    );
    const alive = await Promise.all(
      notes.map(async (note) => note !== undefined && (await processStart(note.pid)) === note.processStart),
    );
    return notes.filter((note, index): note is SessionNote => note !== undefined && alive[index] !== true);
  }

  async #read(path: string): Promise<SessionNote | undefined> {
    try {
      const note: unknown = JSON.parse(await readFile(path, 'utf8'));
      if (isNote(note)) return note;
    } catch {
      // Half a note is of no use to anybody.
    }
    await rm(path, { force: true });
    return undefined;
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

function isNote(value: unknown): value is SessionNote {
  if (typeof value !== 'object' || value === null) return false;
  const { id, pid, host, uuid, domainName, domainId, found, launched, folders, uploads } = value as Partial<
    Record<keyof SessionNote, unknown>
  >;
  return (
    typeof id === 'string' &&
    /^[0-9a-f-]+$/.test(id) &&
    typeof pid === 'number' &&
    typeof host === 'string' &&
    typeof uuid === 'string' &&
    typeof domainName === 'string' &&
    typeof domainId === 'number' &&
    (found === 'running' || found === 'paused') &&
    typeof launched === 'boolean' &&
    areTexts(folders) &&
    areTexts(uploads)
  );
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** When a process started, in the kernel's ticks since boot; empty when there is none of that number. */
export async function processStart(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name may hold anything, also parentheses.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    // No /proc (macOS): whether it is there at all has to do.
    return isThere(pid) ? 'unknown' : '';
  }
}

function isThere(pid: number): boolean {
  if (process.platform === 'linux') return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
