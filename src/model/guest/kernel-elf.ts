import type { FileHandle } from 'node:fs/promises';

/** QEMU looks so far for a Multiboot header. */
const MULTIBOOT_BYTES = 8192;
const MULTIBOOT_MAGIC = 0x1b_ad_b0_02;
/** The header says itself where the file goes: QEMU asks no ELF header. */
const HAS_ADDRESSES = 0x1_0000;
const EM_X86_64 = 62;
const PT_NOTE = 4;
/** XEN_ELFNOTE_PHYS32_ENTRY: where a 32-bit start is. */
const PVH_ENTRY = 18;
const MAX_HEADERS = 256;
const MAX_NOTES = 64 * 1024;

/**
 * Why QEMU's `-kernel` refuses an ELF file on x86; undefined when it boots it. QEMU looks for a Multiboot 1 header
 * first, and else wants a PVH note.
 */
export async function refusalOfElf(
  file: FileHandle,
  head: Buffer,
): Promise<'wide-multiboot' | 'no-entry' | undefined> {
  const flags = multibootFlags(await bytes(file, 0, MULTIBOOT_BYTES));
  if (flags !== undefined)
    return head.readUInt16LE(18) === EM_X86_64 && (flags & HAS_ADDRESSES) === 0
      ? 'wide-multiboot'
      : undefined;
  for (const { offset, size } of await noteSegments(file, head))
    if (hasPvhEntry(await bytes(file, offset, Math.min(size, MAX_NOTES)))) return undefined;
  return 'no-entry';
}

function multibootFlags(start: Buffer): number | undefined {
  for (let at = 0; at + 12 <= start.length; at += 4) {
    if (start.readUInt32LE(at) !== MULTIBOOT_MAGIC) continue;
    const flags = start.readUInt32LE(at + 4);
    if (((MULTIBOOT_MAGIC + flags + start.readUInt32LE(at + 8)) & 0xff_ff_ff_ff) === 0) return flags;
  }
  return undefined;
}

async function noteSegments(
  file: FileHandle,
  head: Buffer,
): Promise<readonly { readonly offset: number; readonly size: number }[]> {
  const isWide = head[4] === 2;
  if (head.length < 64) return [];
  const word = (from: Buffer, at: number) =>
    isWide ? Number(from.readBigUInt64LE(at)) : from.readUInt32LE(at);
  const [start, each, count] = isWide
    ? [word(head, 32), head.readUInt16LE(54), head.readUInt16LE(56)]
    : [word(head, 28), head.readUInt16LE(42), head.readUInt16LE(44)];
  if (each < (isWide ? 56 : 32)) return [];
  const table = await bytes(file, start, each * Math.min(count, MAX_HEADERS));
  return Array.from({ length: Math.floor(table.length / each) }, (_, index) =>
    table.subarray(index * each, (index + 1) * each),
  )
    .filter((header) => header.readUInt32LE(0) === PT_NOTE)
    .map((header) => ({ offset: word(header, isWide ? 8 : 4), size: word(header, isWide ? 32 : 16) }));
}

function hasPvhEntry(notes: Buffer): boolean {
  for (let at = 0; at + 12 <= notes.length;) {
    const [nameSize, size, type] = [at, at + 4, at + 8].map((each) => notes.readUInt32LE(each));
    if (type === PVH_ENTRY) return true;
    at += 12 + padded(nameSize ?? 0) + padded(size ?? 0);
  }
  return false;
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}

/** Fewer where the file ends, none for a place that is no place. */
async function bytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(position) || position < 0) return Buffer.alloc(0);
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
