import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { t } from '@vscode/l10n';
import { ImageError } from '../../../model/disk-image/image-error.ts';
import { type DiskSource, sourceOf } from './appliance-disk.ts';
import { type ApplianceFiles, filesBeside, filesOfArchive, type Member } from './appliance-files.ts';
import { type ManifestEntry, readManifest } from './manifest.ts';
import { type Appliance, readOvf } from './ovf.ts';
import type { ApplianceDisk } from './ovf-disk.ts';

/** A disk of an appliance, and where its bytes are: undefined for one that begins empty. */
export type OpenedDisk = ApplianceDisk & { readonly source: DiskSource | undefined };

/** An appliance on this machine, and where the bytes of its disks are. */
export interface OpenedAppliance extends Omit<Appliance, 'disks'> {
  readonly disks: readonly OpenedDisk[];
  /**
   * Compares its files with its manifest, where it has one. Returns sentences about what could not be compared.
   * @throws ImageError for a file that is not what the manifest says
   */
  verify(signal: AbortSignal, onProgress?: (fraction: number) => void): Promise<readonly string[]>;
}

/** No machine has more, and each one is a conversion. */
const MAX_DISKS = 256;

/**
 * Opens an OVA, or an OVF with its disks beside it, in one of its configurations. Nothing is unpacked, and no name in
 * it is ever used as a path that could lead elsewhere.
 * @throws ImageError
 */
export async function openAppliance(
  path: string,
  signal?: AbortSignal,
  configuration?: string,
): Promise<OpenedAppliance> {
  try {
    const isOvf = path.toLowerCase().endsWith('.ovf');
    const files = isOvf ? await filesBeside(path) : await filesOfArchive(path, signal);
    return await opened(files, signal, configuration);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ImageError('bad-image', error.message, undefined, { cause: error });
  }
}

async function opened(
  files: ApplianceFiles,
  signal: AbortSignal | undefined,
  configuration: string | undefined,
): Promise<OpenedAppliance> {
  const appliance = parse(files.description, configuration);
  if (appliance.disks.length === 0) throw new SyntaxError(t('The appliance has no disk'));
  if (appliance.disks.length > MAX_DISKS)
    throw new SyntaxError(t('The appliance has more than {0} disks', MAX_DISKS));
  const disks: OpenedDisk[] = [];
  for (const disk of appliance.disks) disks.push({ ...disk, source: await findSource(files, disk, signal) });
  return {
    ...appliance,
    disks,
    verify: async (until, onProgress) => verify(files, until, onProgress),
  };
}

function parse(text: string, configuration: string | undefined): Appliance {
  try {
    return readOvf(text, configuration);
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
    throw new SyntaxError(t('The description of the appliance is not XML'), { cause: error });
  }
}

async function findSource(
  files: ApplianceFiles,
  disk: ApplianceDisk,
  signal: AbortSignal | undefined,
): Promise<DiskSource | undefined> {
  if (disk.file === undefined) return undefined;
  const found = await files.find(disk.file);
  if (found === undefined) throw new SyntaxError(t('Disk {0} of the appliance is missing', disk.file));
  return sourceOf(found, disk, { isPart: files.isArchive, signal });
}

async function verify(
  { manifest, find }: ApplianceFiles,
  signal: AbortSignal,
  onProgress: ((fraction: number) => void) | undefined,
): Promise<readonly string[]> {
  if (manifest === undefined) return [];
  const { entries, unread } = readManifest(manifest.text);
  const remarks = unread.length === 0 ? [] : [unreadRemark(unread)];
  // Its own digest cannot stand in it, although some tools write one.
  const others = entries.filter(({ name }) => name.toLowerCase() !== manifest.name.toLowerCase());
  const found: { readonly entry: ManifestEntry; readonly member: Member }[] = [];
  for (const entry of others) {
    const member = await find(entry.name);
    if (member === undefined)
      remarks.push(t('The manifest names {0}, which the appliance does not have.', entry.name));
    else found.push({ entry, member });
  }
  const total = found.reduce((sum, { member }) => sum + member.size, 0);
  let done = 0;
  const onBytes = (count: number) => {
    done += count;
    onProgress?.(done / total);
  };
  for (const each of found) await check(each.entry, each.member, signal, onBytes);
  return remarks;
}

function unreadRemark(lines: readonly string[]): string {
  const [first = ''] = lines;
  return lines.length === 1
    ? t('A line of the manifest is not understood, and nothing was compared with it: “{0}”.', first)
    : t(
        '{0} lines of the manifest are not understood, and nothing was compared with them. The first is “{1}”.',
        lines.length,
        first,
      );
}

async function check(
  { name, algorithm, digest }: ManifestEntry,
  { path, offset, size }: Member,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<void> {
  const hash = createHash(algorithm);
  if (size > 0)
    for await (const chunk of createReadStream(path, { start: offset, end: offset + size - 1, signal })) {
      const bytes = chunk as Buffer;
      hash.update(bytes);
      onBytes(bytes.length);
    }
  if (hash.digest('hex') === digest) return;
  throw new ImageError(
    'checksum',
    t('{0} is damaged: it does not match the manifest of the appliance', name),
    t('Get the appliance again. If you changed that file yourself, remove its line from the .mf file.'),
  );
}
