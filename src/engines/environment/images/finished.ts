import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { writeWhole } from '../../../model/files/replace-file.ts';

/** What was true of a file when it was finished. */
interface Finished {
  readonly size: number;
  readonly sha256: string;
  /** Its last change then, in milliseconds, which no program can set: while it is the same, so is the digest. */
  readonly ctimeMs: number;
}

/** Notes beside a file that it is whole. */
export async function noteFinished(path: string, signal: AbortSignal): Promise<void> {
  const { size, ctimeMs } = await stat(path);
  const note: Finished = { size, ctimeMs, sha256: await digestOfFile(path, 'sha256', signal) };
  await writeWhole(noteOf(path), `${JSON.stringify(note)}\n`);
}

/** Whether a file is there and what it was when it was finished. One without a note never was. */
export async function isFinished(path: string, signal: AbortSignal): Promise<boolean> {
  const [note, found] = await Promise.all([readNote(path), stat(path).catch(() => undefined)]);
  if (note === undefined || found?.isFile() !== true || found.size !== note.size) return false;
  return found.ctimeMs === note.ctimeMs || (await digestOfFile(path, 'sha256', signal)) === note.sha256;
}

/** The digest of a file's bytes, as hexadecimal digits. */
export async function digestOfFile(path: string, algorithm: string, signal: AbortSignal): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, signal }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function noteOf(path: string): string {
  return `${path}.finished`;
}

async function readNote(path: string): Promise<Finished | undefined> {
  try {
    const note = JSON.parse(await readFile(noteOf(path), 'utf8')) as Finished;
    return typeof note === 'object' ? note : undefined;
  } catch {
    return undefined;
  }
}
