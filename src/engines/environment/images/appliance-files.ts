import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { t } from '@vscode/l10n';
import { decodeXml } from '../../../model/text/decode.ts';
import { readTarEntries } from './tar-entries.ts';

/** A description is text of some kilobytes. */
const MAX_TEXT_MIB = 1;
const MAX_TEXT = MAX_TEXT_MIB * 1024 * 1024;

/** Some bytes of a file: a member of an archive, or all of it. */
export interface Member {
  readonly path: string;
  readonly offset: number;
  readonly size: number;
}

/** An appliance's description, and the files that it names. */
export interface ApplianceFiles {
  readonly description: string;
  readonly manifest: { readonly name: string; readonly text: string } | undefined;
  /** Whether members are parts of one file. */
  readonly isArchive: boolean;
  /** The file that a reference of the description means. */
  readonly find: (href: string) => Promise<Member | undefined>;
}

/** The files of an OVA. No name in it is used as a path: members are found by comparing. @throws SyntaxError */
export async function filesOfArchive(path: string, signal: AbortSignal | undefined): Promise<ApplianceFiles> {
  await using file = await open(path, 'r');
  const members = (await readTarEntries(file, signal))
    .map(({ name, offset, size }) => ({ name: posix.normalize(name), path, offset, size }))
    .filter(({ name }) => !isOfMacOs(name));
  const described = members.find(({ name }) => /\.ovf$/iu.test(name));
  if (described === undefined) throw new SyntaxError(t('The archive has no .ovf file'));
  const manifest = members.find(({ name }) => /\.mf$/iu.test(name));
  const exact = firstOfEach(members, ({ name }) => name);
  const similar = firstOfEach(members, ({ name }) => folded(name));
  const folder = posix.dirname(described.name);
  return {
    description: await readText(file, described),
    manifest: manifest && { name: basename(manifest.name), text: await readText(file, manifest) },
    isArchive: true,
    find: async (href) => {
      const names = namesOf(href).map((name) => posix.join(folder, name));
      return (
        names.map((name) => exact.get(name)).find((each) => each !== undefined) ??
        names.map((name) => similar.get(folded(name))).find((each) => each !== undefined)
      );
    },
  };
}

/** The files beside an OVF, or in folders below it. A link would lead elsewhere: it is none. @throws SyntaxError */
export async function filesBeside(path: string): Promise<ApplianceFiles> {
  const folder = dirname(path);
  const find = async (href: string) => {
    for (const name of namesOf(href)) {
      const found = await fileBelow(folder, name.split('/'));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const textOf = async (name: string) => {
    const found = await fileBelow(folder, [name]);
    if (found === undefined) return undefined;
    await using file = await open(found.path, 'r');
    return await readText(file, { name, ...found });
  };
  const description = await textOf(basename(path));
  if (description === undefined) throw new SyntaxError(t('The .ovf is not a plain file'));
  const name = basename(path).replace(/\.ovf$/iu, '.mf');
  const manifest = await textOf(name);
  return {
    description,
    manifest: manifest === undefined ? undefined : { name, text: manifest },
    isArchive: false,
    find,
  };
}

/** Finder and its archiver leave a second file beside each one. */
function isOfMacOs(name: string): boolean {
  return basename(name).startsWith('._') || name.split('/').includes('__MACOSX');
}

/** Windows and macOS take names for the same that Linux tells apart. */
function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** What a reference may mean: the name as it stands, a URL's escapes, or a path of Windows. */
function namesOf(href: string): readonly string[] {
  return [...new Set([href, unescaped(href), unescaped(href).replaceAll('\\', '/')])].map((name) =>
    posix.normalize(name),
  );
}

function unescaped(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}

function firstOfEach<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, T> {
  return new Map(values.toReversed().map((value) => [keyOf(value), value]));
}

async function fileBelow(
  folder: string,
  [first = '', ...rest]: readonly string[],
): Promise<Member | undefined> {
  if (first === '' || first === '.' || first === '..' || first.includes('\0')) return undefined;
  const path = (await isThere(join(folder, first))) ? join(folder, first) : await similarIn(folder, first);
  if (path === undefined) return undefined;
  const found = await lstat(path);
  if (rest.length > 0) return found.isDirectory() ? fileBelow(path, rest) : undefined;
  return found.isFile() ? { path, offset: 0, size: found.size } : undefined;
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function similarIn(folder: string, name: string): Promise<string | undefined> {
  const names = await readdir(folder).catch((): string[] => []);
  const found = names.find((each) => folded(each) === folded(name));
  return found === undefined ? undefined : join(folder, found);
}

async function readText(
  file: FileHandle,
  { name, offset, size }: Pick<Member, 'offset' | 'size'> & { readonly name: string },
): Promise<string> {
  if (size > MAX_TEXT)
    throw new SyntaxError(t('{0} of the appliance is larger than {1} MiB', name, MAX_TEXT_MIB));
  const data = Buffer.alloc(size);
  const { bytesRead } = await file.read(data, 0, size, offset);
  return decodeXml(data.subarray(0, bytesRead));
}
