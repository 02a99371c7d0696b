import { posix } from 'node:path';
import { t } from '@vscode/l10n';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import { child, children, parseXml, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';
import { baseFault, DiskError, diskFault, faultIn, type ImageFault } from '../../disk-image/disk-error.ts';
import { withFolderPool } from '../pool/folder-pool.ts';

/** More images than anybody stacks. */
const DEPTH_MAX = 32;
/** The header of a qcow2 image. */
const HEADER_BYTES = 104;

/**
 * Runs a call for which QEMU opens the disks in some XML. Where it fails for an image that is missing, empty, cut off
 * or damaged, what is thrown names the file and says what to do; what libvirt and QEMU said is its cause.
 * @throws DiskError, or what the call throws
 */
export async function explainingDisks<T>(
  connection: Connection,
  xml: () => Promise<string>,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const fault = isLibvirtError(error) ? faultIn(error.message) : undefined;
    if (fault === undefined) throw error;
    // Whoever cannot look has libvirt's words.
    const found = missingIn(error) ?? (await find(connection, xml, error).catch(() => undefined));
    throw found ?? error;
  }
}

/** Of files that are missing, libvirt says the names itself. */
function missingIn(error: unknown): DiskError | undefined {
  const words = error instanceof Error ? error.message : '';
  const [, base, disk] =
    /^Cannot access (?:backing file '(.+)' of )?storage file '(.+)' \(.*No such file/u.exec(words) ?? [];
  if (disk === undefined) return undefined;
  return base === undefined ? diskFault(disk, 'missing', error) : baseFault(disk, base, 'missing', error);
}

async function find(
  connection: Connection,
  xml: () => Promise<string>,
  cause: unknown,
): Promise<DiskError | undefined> {
  const parsed = parseXml(await xml());
  const disks =
    parsed['disk'] === undefined
      ? children(child(child(parsed, 'domain'), 'devices'), 'disk')
      : children(parsed, 'disk');
  for (const disk of disks) {
    const path = await pathOf(connection, child(disk, 'source'));
    const format = text(child(disk, 'driver'), '@type') ?? 'raw';
    const fault = path === undefined ? undefined : await faultInChain(connection, path, format, cause);
    if (fault !== undefined) return fault;
  }
  const words = cause instanceof Error ? cause.message : '';
  const last = words.split('\n').at(-1)?.split(': ').at(-1) ?? words;
  return new DiskError(
    t('A disk of it is damaged or cut off: {0}', last),
    t('Put a copy of its file back.'),
    { cause },
  );
}

/** Undefined for what is no file of the host. */
async function pathOf(connection: Connection, source: XmlObject): Promise<string | undefined> {
  const [pool, name] = [text(source, '@pool'), text(source, '@volume')];
  if (pool === undefined || name === undefined) return text(source, '@file');
  const { storagePools, storageVolumes } = connection;
  const volume = await storageVolumes.lookupByName(await storagePools.lookupByName(pool), name);
  return storageVolumes.path(volume);
}

async function faultInChain(
  connection: Connection,
  disk: string,
  format: string,
  cause: unknown,
): Promise<DiskError | undefined> {
  const seen = new Set<string>();
  let [path, expected]: [string | undefined, string] = [disk, format];
  while (path !== undefined && seen.size < DEPTH_MAX) {
    const base: string = path;
    const image: Image | undefined = await look(connection, path);
    const fault: ImageFault | undefined = seen.has(path) ? 'circle' : faultOf(image, expected);
    if (fault !== undefined)
      return base === disk ? diskFault(disk, fault, cause) : baseFault(disk, base, fault, cause);
    seen.add(path);
    [path, expected] = [image?.backing, image?.backingFormat ?? 'raw'];
  }
  return undefined;
}

/** What libvirt sees of an image when it looks at it now. */
interface Image {
  readonly bytes: number;
  readonly format: string;
  readonly backing: string | undefined;
  readonly backingFormat: string | undefined;
}

function faultOf(image: Image | undefined, expected: string): ImageFault | undefined {
  if (image === undefined) return 'missing';
  if (expected === 'raw') return undefined;
  if (image.bytes === 0) return 'empty';
  if (image.bytes < HEADER_BYTES) return 'cut-off';
  return image.format === expected ? undefined : 'not-an-image';
}

/** Undefined when there is no such file. */
async function look(connection: Connection, path: string): Promise<Image | undefined> {
  return withFolderPool(connection, posix.dirname(path), async (pool) => {
    try {
      const { storageVolumes } = connection;
      const ref = await storageVolumes.lookupByName(pool, posix.basename(path));
      const volume = child(parseXml(await storageVolumes.xml(ref)), 'volume');
      const { allocation } = await storageVolumes.info(ref);
      const backing = child(volume, 'backingStore');
      const from = text(backing, 'path');
      return {
        bytes: Number(text(volume, 'physical') ?? allocation),
        format: text(child(child(volume, 'target'), 'format'), '@type') ?? 'raw',
        backing: from && posix.resolve(posix.dirname(path), from),
        backingFormat: text(child(backing, 'format'), '@type'),
      };
    } catch (error) {
      if (isLibvirtError(error, ErrorCode.NO_STORAGE_VOL)) return undefined;
      throw error;
    }
  });
}
