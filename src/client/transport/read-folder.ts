import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import { shellWord } from './remote-shell.ts';
import type { Channel } from '../rpc/channel.ts';
import { abortReason } from '../rpc/error.ts';
import { TransportError } from './error.ts';

/** Small text files of a folder, by their names. */
export type FolderFiles = ReadonlyMap<string, string>;

/** Which files: those directly in the folder whose names end so. */
export interface FolderQuery {
  /** Absolute. */
  readonly folder: string;
  /** Such as `.rng`. */
  readonly ending: string;
  /** All of them together; more is refused. */
  readonly maxBytes: number;
}

const MAX_FILES = 500;
/** Says that nothing is missing; no file is called so. */
const COMPLETE = '.';

/** What prints the files on the far side: each name and each content ends with a NUL, which neither can hold. */
export function printFolderScript({ folder, ending }: FolderQuery): string {
  const each = `printf '%s\\0' "$f"; cat "./$f"; printf '\\0'`;
  // not for people: the shell reads it
  return `cd ${shellWord(folder)} && for f in *${shellWord(ending)}; do if [ -f "$f" ]; then ${each}; fi; done && printf '%s\\0' ${shellWord(COMPLETE)}`;
}

/** Reads what the script prints. @throws TransportError when that is something else, too much, or cut off. */
export async function readPrinted(
  channel: Channel,
  query: FolderQuery,
  signal: AbortSignal,
): Promise<FolderFiles> {
  const stop = () => channel.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    channel.output.end();
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of channel.input as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > query.maxBytes) throw tooMuch(query);
      chunks.push(chunk);
    }
    if (signal.aborted) throw abortReason(signal);
    const parts = Buffer.concat(chunks).toString('utf8').split('\0');
    if (parts.at(-2) !== COMPLETE || parts.length % 2 !== 0)
      throw new TransportError(
        'no-daemon',
        t('The folder {0} of the host cannot be read', query.folder),
        undefined,
        {
          cause: await channel.closed,
        },
      );
    const files = new Map<string, string>();
    for (let at = 0; at + 2 < parts.length; at += 2) files.set(parts[at] ?? '', parts[at + 1] ?? '');
    return checked(files, query);
  } finally {
    signal.removeEventListener('abort', stop);
    channel.close();
  }
}

/** The same on this machine. */
export async function readFolderHere(query: FolderQuery): Promise<FolderFiles> {
  const entries = await readdir(query.folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith(query.ending))
    .map(({ name }) => name);
  const files = new Map<string, string>();
  let size = 0;
  for (const name of names.slice(0, MAX_FILES + 1)) {
    const path = join(query.folder, name);
    size += (await stat(path)).size;
    if (size > query.maxBytes) throw tooMuch(query);
    files.set(name, await readFile(path, 'utf8'));
  }
  return checked(files, query);
}

function checked(files: FolderFiles, query: FolderQuery): FolderFiles {
  const isOdd = [...files.keys()].some((name) => name.includes('/') || !name.endsWith(query.ending));
  if (files.size > MAX_FILES) throw tooMuch(query);
  if (isOdd)
    throw new TransportError(
      'protocol',
      t('The host lists files that cannot be in its folder {0}', query.folder),
    );
  return files;
}

function tooMuch({ folder, maxBytes }: FolderQuery): TransportError {
  return new TransportError('protocol', t('The folder {0} holds more than {1} bytes', folder, maxBytes));
}
