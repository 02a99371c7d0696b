import { lstat, readdir, rename, stat } from 'node:fs/promises';
import { basename, dirname, join, posix, relative } from 'node:path';
import { shellWord } from '../../../client/transport/remote-shell.ts';
import { t } from '@vscode/l10n';
import { execa } from 'execa';
import { withTemporaryFolder } from '../../../model/files/temporary.ts';
import { NoSpaceError, roomIn, withRoom } from '../../../client/libvirt/storage/free-space.ts';
import { DAY_MS, type Residue, sweep } from '../../../model/files/sweep.ts';
import { carry } from './carry.ts';
import { removeWhatLeadsOut } from './leads-out.ts';
import type { SshKeys } from './ssh-keys.ts';
import { runOverSsh, sshCommand, type SshTarget } from './ssh-run.ts';

/** Something could not be copied. */
class CopyError extends Error {
  override readonly name = 'CopyError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

export interface CopyOptions {
  readonly signal: AbortSignal;
  /** Bytes so far, and about how many there are. */
  readonly onProgress?: (bytes: number, total: number) => void;
}

/** A guest, and the way to log in to it. */
export interface CopyEnd {
  readonly keys: SshKeys;
  readonly target: SshTarget;
}

/**
 * A path in a guest as a person writes it: `~` is the home folder, where relative paths start.
 * @throws CopyError for another user's home folder, which only the guest's shell knows
 */
export function guestPath(text: string): string {
  const path = text.trim();
  if (path === '' || path === '~' || path === '~/') return '.';
  if (/^~[^/]/u.test(path))
    throw new CopyError(
      t('{0} is another user’s home folder, whose path only the guest knows', path),
      t('Write the full path.'),
    );
  return posix.normalize(path.replace(/^~\//u, './')).replace(/(?<=.)\/$/u, '');
}

/** Finds which of these names exist in a folder of the guest. */
export async function namesInGuest(
  { keys, target }: CopyEnd,
  folder: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  // Through standard input, since there may be more names than a command line holds.
  const tests = names.map((name, index) => {
    const path = shellWord(posix.join(folder, name));
    // not for people: the guest's shell reads it
    return `if [ -e ${path} ] || [ -L ${path} ]; then echo ${index}; fi`;
  });
  const { exitCode, output } = await runOverSsh(keys, target, 'sh -s', { signal, input: tests.join('\n') });
  if (exitCode !== 0) throw notSearched(output);
  const found = new Set(output.split('\n'));
  return names.filter((_, index) => found.has(String(index)));
}

function notSearched(output: string): CopyError {
  return new CopyError(t('The folder in the guest could not be searched: {0}', lastLine(output)));
}

/**
 * Copies files and folders into a folder of a guest, which is created if it is missing. A folder that exists is added
 * to. Files arrive beside their place first, so that each is there whole or not at all.
 * @throws CopyError
 */
export async function copyToGuest(
  { keys, target }: CopyEnd,
  sources: readonly string[],
  folder: string,
  { signal, onProgress }: CopyOptions,
): Promise<void> {
  const total = (await Promise.all(sources.map(sizeOf))).reduce((sum, size) => sum + size, 0);
  // Behind ./ no name looks like an option.
  const names = sources.flatMap((path) => ['-C', dirname(path), `./${basename(path)}`]);
  const place = shellWord(folder);
  // not for people: the guest's shell reads it
  const command = `set -e
mkdir -p ${place}
t=$(mktemp -d ${shellWord(posix.join(folder, '.kvm-copy-XXXXXX'))})
trap 'rm -rf "$t"' EXIT
tar -C "$t" -xof -
add() {
  for f in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    [ -e "$f" ] || [ -L "$f" ] || continue
    n=$2/\${f##*/}
    if [ ! -d "$n" ]; then mv -f "$f" "$n"
    elif [ -d "$f" ] && [ ! -L "$f" ]; then add "$f" "$n"
    else echo "$n is a folder" >&2; exit 1; fi
  done
}
add "$t" ${place}`;
  const pack = execa('tar', ['-c', '-f', '-', ...names], {
    stdin: 'ignore',
    buffer: { stdout: false },
    reject: false,
    cancelSignal: signal,
  });
  const unpack = execa('ssh', sshCommand(keys, target, command), {
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: 1000,
  });
  const carried = carry(pack.stdout, unpack.stdin, (bytes) => onProgress?.(Math.min(bytes, total), total));
  const [packed, unpacked] = await Promise.all([pack, unpack, carried]);
  signal.throwIfAborted();
  if (unpacked.failed)
    throw new CopyError(t('The guest could not store the files: {0}', complaintOf(unpacked)));
  if (packed.failed) throw new CopyError(t('Some files could not be read: {0}', complaintOf(packed)));
}

/** A file or folder to copy out of a guest, and about how large it is. */
export interface GuestFile {
  readonly path: string;
  readonly bytes: number;
  /** More than that is not taken: the guest said that there was far less. */
  readonly limit?: number;
}

/** What a copy of the first release that was killed had got so far. */
const RESIDUES: readonly Residue[] = [{ form: /^\.kvm-copy-[A-Za-z0-9]{6}$/u, forgottenMs: DAY_MS }];

/** How much more than a guest announces is taken: files have headers on their way, and grow meanwhile. */
const MORE_BYTES = 1024 * 1024 * 1024;

/** @throws CopyError when there is nothing of that name */
export async function findInGuest(
  { keys, target }: CopyEnd,
  path: string,
  signal: AbortSignal,
): Promise<GuestFile> {
  const place = shellWord(path);
  // not for people: the guest's shell reads it
  const command = `[ -e ${place} ] || [ -L ${place} ] || exit 44\nset -- $(du -sk ${place} 2>/dev/null)\nu=$1\nset -- $(du -sk --apparent-size ${place} 2>/dev/null)\necho "\${u:-0} $1"`;
  const { exitCode, output } = await runOverSsh(keys, target, command, { signal });
  if (exitCode === 44) throw new CopyError(t('The guest has no {0}', path));
  if (exitCode !== 0) throw notSearched(output);
  // What is sparse takes little space there, and all of its length on the way. Not every guest tells both.
  const [used = 0, apparent] = [...output.matchAll(/\d+/gu)].map(([kib]) => Number(kib) * 1024);
  if (apparent === undefined) return { path, bytes: used };
  return { path, bytes: used, limit: 2 * Math.max(used, apparent) + MORE_BYTES };
}

/**
 * Copies a file or folder of a guest into a folder of this machine. A guest is not trusted: what it sends arrives in a
 * private folder first. Devices, and links to anything outside of the copy, are left out; their names are returned.
 * @throws CopyError
 */
export async function copyFromGuest(
  { keys, target }: CopyEnd,
  file: GuestFile,
  folder: string,
  { signal, onProgress }: CopyOptions,
): Promise<readonly string[]> {
  if (file.bytes > (await roomIn(folder))) throw new NoSpaceError(folder, file.bytes);
  // The guest may send far more than it has announced.
  return withRoom(folder, signal, async (ending) =>
    receive({ keys, target }, file, folder, { signal: ending, onProgress }),
  );
}

async function receive(
  { keys, target }: CopyEnd,
  { path, bytes: total, limit = Infinity }: GuestFile,
  folder: string,
  {
    signal,
    onProgress,
  }: { readonly signal: AbortSignal; readonly onProgress: CopyOptions['onProgress'] | undefined },
): Promise<readonly string[]> {
  const name = nameOf(path);
  await sweep(folder, RESIDUES);
  return withTemporaryFolder(join(folder, name), async (private_) => {
    const command = `tar -C ${shellWord(posix.dirname(path))} -cf - ${shellWord(`./${name}`)}`;
    const pack = execa('ssh', sshCommand(keys, target, command), {
      stdin: 'ignore',
      buffer: { stdout: false },
      reject: false,
      cancelSignal: signal,
      forceKillAfterDelay: 1000,
    });
    const unpack = execa(
      'tar',
      ['-x', '--no-same-owner', '--no-same-permissions', '-f', '-', '-C', private_],
      {
        reject: false,
        cancelSignal: signal,
      },
    );
    let bytes = 0;
    const carried = carry(pack.stdout, unpack.stdin, (so) => {
      bytes = so;
      if (bytes > limit) pack.kill();
      onProgress?.(Math.min(bytes, total), total);
    });
    const [packed, unpacked, taken] = await Promise.all([pack, unpack, carried]);
    signal.throwIfAborted();
    if (bytes > limit)
      throw new CopyError(
        t('The guest sent far more than the {0} MiB that it announced', Math.ceil(total / 1024 / 1024)),
      );
    // The sender fails as well when the receiver has ended.
    if (unpacked.failed && (!taken || !packed.failed))
      throw new CopyError(t('The files could not be written here: {0}', complaintOf(unpacked)));
    if (packed.failed)
      throw new CopyError(t('The guest could not read some files: {0}', complaintOf(packed)));
    const arrived = join(private_, name);
    const leftOut = await removeWhatLeadsOut(arrived);
    if (leftOut.includes(arrived))
      throw new CopyError(t('{0} is a link or a device', path), t('Copy what it points to.'));
    await moveInto(arrived, join(folder, name));
    return leftOut.map((left) => relative(private_, left));
  });
}

/** The name that a copy of the path gets. @throws CopyError for a path without a name */
export function nameOf(path: string): string {
  const name = posix.basename(path);
  if (name === '' || name === '.' || name === '..')
    throw new CopyError(t('{0} cannot be copied as a whole', path), t('Name a file or folder in it.'));
  return name;
}

/** Adds to a folder that exists; replaces a file. Each file takes its place whole, wherever this ends. */
async function moveInto(from: string, to: string): Promise<void> {
  if (!(await isFolder(from)) || !(await isFolder(to))) await rename(from, to);
  else for (const name of await readdir(from)) await moveInto(join(from, name), join(to, name));
}

function isFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.size;
  let bytes = 0;
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) bytes += (await lstat(join(entry.parentPath, entry.name))).size;
  return bytes;
}

function complaintOf({
  stderr,
  shortMessage = '',
}: {
  readonly stderr: string;
  readonly shortMessage?: string | undefined;
}): string {
  return lastLine(stderr) || shortMessage;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
