import { type FileHandle, lstat, open } from 'node:fs/promises';
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
/** QEMU looks for a parent in so many bytes from the descriptor's start on, however long the header says that it is. */
const PARENT_BYTES = 20 * SECTOR;
/** The types that consist of one file. */
const WHOLE = new Set(['monolithicSparse', 'streamOptimized']);
/** Extents without a header: the file is the disk's bytes. */
const FLAT = new Set(['FLAT', 'VMFS']);
/** A disk of 2 TiB in pieces of 2 GiB. */
const MAX_EXTENTS = 1024;
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
  const header = await readBytes(file, start, SECTOR);
  if (header.toString('latin1', 0, 4) === SPARSE_MAGIC) return readSparse(file, header, start);
  if (path === undefined) return { virtualBytes: undefined, refersToFiles: true };
  const descriptor = await readBytes(file, start, MAX_DESCRIPTOR);
  const text = textOf(descriptor);
  const safe = hasNoParent(descriptor) && hasNoParentWord(text) && (await extentsAreBeside(text, path));
  return { virtualBytes: undefined, refersToFiles: !safe };
}

async function readSparse(file: FileHandle, header: Buffer, start: number): Promise<VmdkHeader> {
  if (header.length < SECTOR) return { virtualBytes: undefined, refersToFiles: true };
  const capacity = header.readBigUInt64LE(12);
  const [at, sectors] = [header.readBigUInt64LE(28), header.readBigUInt64LE(36)];
  const length = Math.min(Number(sectors) * SECTOR, MAX_DESCRIPTOR);
  // Where there is none, QEMU looks for the parent at the file's own start.
  const descriptor = await readBytes(file, start + Number(at) * SECTOR, Math.max(length, PARENT_BYTES));
  const text = textOf(descriptor.subarray(0, length));
  // Without a size of its own, QEMU goes by the extents of the descriptor.
  const isWhole = capacity !== 0n && WHOLE.has(word(text, 'createType') ?? 'monolithicSparse');
  return {
    virtualBytes: Number(capacity) * SECTOR,
    refersToFiles: !isWhole || !hasNoParent(descriptor) || !hasNoParentWord(text),
  };
}

/** Fewer bytes where the file ends. An offset beyond anything gives none. */
async function readBytes(file: FileHandle, start: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(start)) return Buffer.alloc(0);
  const data = Buffer.alloc(length);
  const { bytesRead } = await file.read(data, 0, length, start);
  return data.subarray(0, bytesRead);
}

function textOf(descriptor: Buffer): string {
  return descriptor.toString('utf8').replaceAll('\0', '');
}

/** QEMU takes the word wherever it stands, also in a comment or beyond the descriptor's end. */
function hasNoParent(descriptor: Buffer): boolean {
  return !descriptor.includes('parentFileNameHint');
}

function hasNoParentWord(descriptor: string): boolean {
  return (word(descriptor, 'parentCID') ?? NO_PARENT).toLowerCase() === NO_PARENT;
}

/** As QEMU reads them: what belongs to an extent may stand on several lines. */
const EXTENT = /(?:RW|RDONLY|NOACCESS)\s+[-+]?\d+\s+(\S+)(?:\s+"([^"]*)")?/gu;

async function extentsAreBeside(descriptor: string, path: string): Promise<boolean> {
  let count = 0;
  for (const [, kind = '', name] of descriptor.matchAll(EXTENT)) {
    count += 1;
    if (count > MAX_EXTENTS) return false;
    // An extent of zeros has no file.
    if (name === undefined && kind === 'ZERO') continue;
    if (name === undefined || !/^[^/\\:]+$/u.test(name) || name === '..') return false;
    if (!(await isPlainExtent(join(dirname(path), name), FLAT.has(kind)))) return false;
  }
  return count > 0;
}

/** An extent with a header has a descriptor, too, which QEMU may follow. */
async function isPlainExtent(path: string, isFlat: boolean): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isFile() !== true) return false;
  if (isFlat) return true;
  await using file = await open(path, 'r');
  const header = await readBytes(file, 0, SECTOR);
  if (header.length < SECTOR || header.toString('latin1', 0, 4) !== SPARSE_MAGIC) return false;
  return header.readBigUInt64LE(12) !== 0n;
}

function word(descriptor: string, key: string): string | undefined {
  const [, value] = new RegExp(String.raw`^\s*${key}\s*=\s*"?([^"\r\n]*)"?`, 'mu').exec(descriptor) ?? [];
  return value?.trim();
}
