import { type FileHandle, open } from 'node:fs/promises';
import type { ImagePart } from './qemu-img.ts';
import { DESCRIPTOR_MAGIC, readVmdkHeader, SPARSE_MAGIC } from './vmdk-header.ts';

/** What the first bytes of an image say. */
export interface ImageHeader {
  /** `raw` stands for every file without a known header. */
  readonly format: 'qcow2' | 'raw' | 'vmdk' | 'vhdx' | 'vdi' | 'vpc' | 'iso';
  /** The size that a guest sees, in bytes; undefined for formats whose header is not read for it. */
  readonly virtualBytes: number | undefined;
  /** Whether QEMU would open other files of the host with it: such an image must not come from strangers. */
  readonly refersToFiles: boolean;
  /** Whether the file ends before what its header speaks of: it was not copied to its end. */
  readonly isCutOff?: boolean;
}

const QCOW_MAGIC = 0x51_46_49_fb;
const EXTERNAL_DATA_FILE = 0b100n;
const ISO_MAGIC_AT = 0x80_01;
const HEADER_BYTES = 104;
const V2_BYTES = 72;

/**
 * Reads the header of a disk image, or of a part of a file that is one. QEMU is not asked: it would follow what the
 * image refers to.
 */
export async function readImageHeader(path: string, part?: ImagePart): Promise<ImageHeader> {
  await using file = await open(path, 'r');
  const { size } = part ?? (await file.stat());
  return await readHeader(file, { offset: part?.offset ?? 0, size }, part === undefined ? path : undefined);
}

async function readHeader(
  file: FileHandle,
  { offset, size }: ImagePart,
  path: string | undefined,
): Promise<ImageHeader> {
  const header = Buffer.alloc(HEADER_BYTES);
  await file.read(header, 0, Math.min(HEADER_BYTES, size), offset);
  if (header.readUInt32BE(0) === QCOW_MAGIC) return qcow2Header(header, size);
  const start = header.toString('latin1', 0, DESCRIPTOR_MAGIC.length);
  if (start.startsWith(SPARSE_MAGIC) || start === DESCRIPTOR_MAGIC)
    return { format: 'vmdk', ...(await readVmdkHeader(file, path, offset)) };
  if (header.toString('latin1', 0, 8) === 'vhdxfile') return other('vhdx');
  if (header.readUInt32LE(64) === 0xbe_da_10_7f) return other('vdi');
  const vhd = await readVhdFooter(file, { offset, size }, header);
  if (vhd !== undefined) return vhd;
  const iso = Buffer.alloc(5);
  if (size > ISO_MAGIC_AT) await file.read(iso, 0, 5, offset + ISO_MAGIC_AT);
  return {
    format: iso.toString('latin1') === 'CD001' ? 'iso' : 'raw',
    virtualBytes: size,
    refersToFiles: false,
  };
}

const VHD_COOKIE = 'conectix';
const VHD_FOOTER_BYTES = 512;
const VHD_FIXED = 2;
const VHD_DIFFERENCING = 4;
/** What a fixed disk has for the place of its tables. */
const VHD_NO_TABLES = 0xff_ff_ff_ff_ff_ff_ff_ffn;

/** A VHD has its footer once more at its start, except that a fixed one is the disk's bytes and then the footer. */
async function readVhdFooter(
  file: FileHandle,
  { offset, size }: ImagePart,
  header: Buffer,
): Promise<ImageHeader | undefined> {
  const isFirst = header.toString('latin1', 0, 8) === VHD_COOKIE;
  const footer = isFirst ? header : Buffer.alloc(HEADER_BYTES);
  if (!isFirst && size > VHD_FOOTER_BYTES)
    await file.read(footer, 0, HEADER_BYTES, offset + size - VHD_FOOTER_BYTES);
  if (footer.toString('latin1', 0, 8) !== VHD_COOKIE) return undefined;
  const kind = footer.readUInt32BE(60);
  if (!isFirst && (kind !== VHD_FIXED || footer.readBigUInt64BE(16) !== VHD_NO_TABLES)) return undefined;
  return {
    format: 'vpc',
    virtualBytes: Number(footer.readBigUInt64BE(48)),
    refersToFiles: kind === VHD_DIFFERENCING,
  };
}

function other(format: ImageHeader['format']): ImageHeader {
  return { format, virtualBytes: undefined, refersToFiles: false };
}

/** As QEMU's docs/interop/qcow2 has it. */
function qcow2Header(header: Buffer, size: number): ImageHeader {
  const version = header.readUInt32BE(4);
  const backingFile = header.readBigUInt64BE(8);
  const tables = [
    header.readBigUInt64BE(40) + 8n * BigInt(header.readUInt32BE(36)),
    header.readBigUInt64BE(48),
  ];
  const incompatible = version >= 3 ? header.readBigUInt64BE(72) : 0n;
  return {
    format: 'qcow2',
    virtualBytes: Number(header.readBigUInt64BE(24)),
    refersToFiles: backingFile !== 0n || (incompatible & EXTERNAL_DATA_FILE) !== 0n,
    isCutOff: tables.some((end) => end > BigInt(size)) || size < (version >= 3 ? HEADER_BYTES : V2_BYTES),
  };
}
