import { lstat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What the header of a VMDK says. */
export interface VmdkHeader {
  readonly virtualBytes: number | undefined;
  /** Whether QEMU would open a file other than plain ones in the same folder. */
  readonly refersToFiles: boolean;
}

export const SPARSE_MAGIC = 'KDMV';
// not for people: a file begins with it
export const DESCRIPTOR_MAGIC = '# Disk DescriptorFile';
const SECTOR = 512;
const MAX_DESCRIPTOR = 1024 * 1024;
/** The types that consist of one file. */
const WHOLE = new Set(['monolithicSparse', 'streamOptimized']);
const NO_PARENT = 'ffffffff';

/**
 * Reads the header of a VMDK that begins at `start`. Its descriptor may name any file of the host, as an extent or as
 * the parent: only extents beside it are let through, and none at all for one inside an archive (`path` undefined).
 */
export async function readVmdkHeader(
  file: FileHandle,
  path: string | undefined,
  start = 0,
): Promise<VmdkHeader> {
  const header = Buffer.alloc(SECTOR);
  await file.read(header, 0, SECTOR, start);
  if (header.toString('latin1', 0, 4) !== SPARSE_MAGIC) {
    if (path === undefined) return { virtualBytes: undefined, refersToFiles: true };
    const descriptor = await readText(file, start, MAX_DESCRIPTOR);
    const safe = hasNoParent(descriptor) && (await extentsAreBeside(descriptor, path));
    return { virtualBytes: undefined, refersToFiles: !safe };
  }
  const capacity = header.readBigUInt64LE(12);
  const [offset, sectors] = [header.readBigUInt64LE(28), header.readBigUInt64LE(36)];
  const length = Math.min(Number(sectors) * SECTOR, MAX_DESCRIPTOR);
  const descriptor = length === 0 ? '' : await readText(file, start + Number(offset) * SECTOR, length);
  // Without a size of its own, QEMU goes by the extents of the descriptor.
  const isWhole = capacity !== 0n && WHOLE.has(word(descriptor, 'createType') ?? 'monolithicSparse');
  return {
    virtualBytes: Number(capacity) * SECTOR,
    refersToFiles: !isWhole || !hasNoParent(descriptor),
  };
}

async function readText(file: FileHandle, start: number, length: number): Promise<string> {
  const data = Buffer.alloc(length);
  const { bytesRead } = await file.read(data, 0, length, start);
  return data.toString('utf8', 0, bytesRead).replaceAll('\0', '');
}

function hasNoParent(descriptor: string): boolean {
  return (
    (word(descriptor, 'parentCID') ?? NO_PARENT).toLowerCase() === NO_PARENT &&
    word(descriptor, 'parentFileNameHint') === undefined
  );
}

async function extentsAreBeside(descriptor: string, path: string): Promise<boolean> {
  const extents = descriptor.split(/\r?\n/u).filter((line) => /^\s*(?:RW|RDONLY|NOACCESS)\s/u.test(line));
  if (extents.length === 0) return false;
  for (const line of extents) {
    const name = /"([^"]*)"/u.exec(line)?.[1];
    // An extent of zeros has no file.
    if (name === undefined && /\bZERO\b/u.test(line)) continue;
    if (name === undefined || !/^[^/\\:]+$/u.test(name) || name === '..') return false;
    const found = await lstat(join(dirname(path), name)).catch(() => undefined);
    if (found?.isFile() !== true) return false;
  }
  return true;
}

function word(descriptor: string, key: string): string | undefined {
  const [, value] = new RegExp(String.raw`^\s*${key}\s*=\s*"?([^"\r\n]*)"?`, 'mu').exec(descriptor) ?? [];
  return value?.trim();
}
