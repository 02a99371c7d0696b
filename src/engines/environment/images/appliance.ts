import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { t } from '@vscode/l10n';
import { ImageError } from '../../../model/disk-image/image-error.ts';
import { type Appliance, type ApplianceDisk, readOvf } from './ovf.ts';
import type { QemuImage } from '../../../model/disk-image/qemu-img.ts';
import { openUntrusted } from '../../../model/disk-image/self-contained.ts';
import { readTarEntries, type TarEntry } from './tar-entries.ts';

/** An appliance on this machine, and where the bytes of its disks are. */
export interface OpenedAppliance extends Omit<Appliance, 'disks'> {
  readonly disks: readonly (ApplianceDisk & { readonly source: QemuImage })[];
  /** Compares its files with its manifest, where it has one. @throws ImageError */
  verify(signal: AbortSignal, onProgress?: (fraction: number) => void): Promise<void>;
}

/** A description is text of some kilobytes. */
const MAX_TEXT_MIB = 1;
const MAX_TEXT = MAX_TEXT_MIB * 1024 * 1024;
/** No machine has more, and each one is a conversion. */
const MAX_DISKS = 256;

/** Some bytes of a file: a member of an archive, or all of it. */
interface Member {
  readonly path: string;
  readonly offset: number;
  readonly size: number;
}

/**
 * Opens an OVA, or an OVF with its disks beside it. Nothing is unpacked, and no name in it is ever used as a path that
 * could lead elsewhere: members of the archive are found by comparing, and beside an OVF only plain files count.
 * @throws ImageError
 */
export async function openAppliance(path: string, signal?: AbortSignal): Promise<OpenedAppliance> {
  try {
    return path.toLowerCase().endsWith('.ovf') ? await openOvf(path, signal) : await openOva(path, signal);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ImageError('bad-image', error.message, undefined, { cause: error });
  }
}

async function openOva(path: string, signal: AbortSignal | undefined): Promise<OpenedAppliance> {
  const file = await open(path, 'r');
  try {
    const entries = await readTarEntries(file, signal);
    const find = (fits: (name: string) => boolean) => entries.find(({ name }) => fits(plain(name)));
    const description = find((name) => name.endsWith('.ovf'));
    if (description === undefined) throw new SyntaxError(t('The archive has no .ovf file'));
    const manifest = find((name) => name.endsWith('.mf'));
    const member = (name: string): Member | undefined => {
      const found = find((each) => each === plain(name));
      return found === undefined ? undefined : { path, offset: found.offset, size: found.size };
    };
    return await opened({
      text: await readEntry(file, description),
      manifest: manifest === undefined ? undefined : await readEntry(file, manifest),
      member: async (name) => member(name),
      isPart: true,
      signal,
    });
  } finally {
    await file.close();
  }
}

async function openOvf(path: string, signal: AbortSignal | undefined): Promise<OpenedAppliance> {
  const member = async (name: string): Promise<Member | undefined> => {
    if (!/^[^/\\]+$/u.test(name)) return undefined;
    const beside = join(dirname(path), name);
    // A link would lead elsewhere.
    const found = await lstat(beside).catch(() => undefined);
    return found?.isFile() === true ? { path: beside, offset: 0, size: found.size } : undefined;
  };
  const textOf = async (name: string) => {
    const found = await member(name);
    return found === undefined ? undefined : readText(found, name);
  };
  const text = await textOf(basename(path));
  if (text === undefined) throw new SyntaxError(t('The .ovf is not a plain file'));
  const manifest = await textOf(basename(path).replace(/\.ovf$/iu, '.mf'));
  return opened({ text, manifest, member, isPart: false, signal });
}

interface Contents {
  readonly text: string;
  readonly manifest: string | undefined;
  readonly member: (name: string) => Promise<Member | undefined>;
  /** Whether members are parts of one file. */
  readonly isPart: boolean;
  readonly signal: AbortSignal | undefined;
}

async function opened({ text, manifest, member, isPart, signal }: Contents): Promise<OpenedAppliance> {
  const appliance = parse(text);
  if (appliance.disks.length === 0) throw new SyntaxError(t('The appliance has no disk'));
  if (appliance.disks.length > MAX_DISKS)
    throw new SyntaxError(t('The appliance has more than {0} disks', MAX_DISKS));
  const disks: (ApplianceDisk & { readonly source: QemuImage })[] = [];
  for (const disk of appliance.disks) {
    const found = await member(disk.file);
    if (found === undefined) throw new SyntaxError(t('Disk {0} of the appliance is missing', disk.file));
    disks.push({ ...disk, source: await sourceOf(found, disk.file, isPart, signal) });
  }
  const verify: OpenedAppliance['verify'] = async (until, onProgress) =>
    check(manifest ?? '', member, until, onProgress);
  return { ...appliance, disks, verify };
}

function parse(text: string): Appliance {
  try {
    return readOvf(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
    throw new SyntaxError(t('The description of the appliance is not XML'), { cause: error });
  }
}

async function sourceOf(
  { path, offset, size }: Member,
  name: string,
  isPart: boolean,
  signal: AbortSignal | undefined,
): Promise<QemuImage> {
  const part = isPart ? { offset, size } : undefined;
  const { format } = await openUntrusted(path, { part, name, signal });
  if (format === 'vmdk' || format === 'vhdx') return { path, format, part };
  if (format === 'iso') return { path, format: 'raw', part };
  // Anything else is not taken for a raw disk: it may be a format that refers to files.
  throw new SyntaxError(t('Disk {0} is neither VMDK nor VHDX nor ISO', name));
}

async function readEntry(file: FileHandle, { name, offset, size }: TarEntry): Promise<string> {
  if (size > MAX_TEXT)
    throw new SyntaxError(t('{0} of the appliance is larger than {1} MiB', name, MAX_TEXT_MIB));
  const data = Buffer.alloc(size);
  const { bytesRead } = await file.read(data, 0, size, offset);
  return data.toString('utf8', 0, bytesRead);
}

async function readText({ path, ...place }: Member, name: string): Promise<string> {
  await using file = await open(path, 'r');
  return await readEntry(file, { name, ...place });
}

async function check(
  manifest: string,
  member: Contents['member'],
  signal: AbortSignal,
  onProgress: ((fraction: number) => void) | undefined,
): Promise<void> {
  const lines = [...manifest.matchAll(/^SHA(1|256|512) ?\((.+)\) ?= ?([0-9a-fA-F]+)\s*$/gmu)];
  const members = await Promise.all(lines.map(async ([, , name = '']) => member(name)));
  const total = members.reduce((sum, each) => sum + (each?.size ?? 0), 0);
  let done = 0;
  for (const [index, [, algorithm = '', name = '', digest = '']] of lines.entries()) {
    const found = members[index];
    if (found === undefined) continue;
    const hash = createHash(`sha${algorithm}`);
    const { path, offset, size } = found;
    if (size > 0)
      for await (const chunk of createReadStream(path, { start: offset, end: offset + size - 1, signal })) {
        const bytes = chunk as Buffer;
        hash.update(bytes);
        done += bytes.length;
        onProgress?.(done / total);
      }
    if (hash.digest('hex') !== digest.toLowerCase())
      throw new ImageError(
        'checksum',
        t('{0} is damaged: it does not match the manifest of the appliance', name),
      );
  }
}

/** Some tools write `./name`. */
function plain(name: string): string {
  return name.replace(/^\.\//u, '');
}
