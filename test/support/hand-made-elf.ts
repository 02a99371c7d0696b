/** ELF files written byte by byte: of any machine, without a compiler for it. */

export interface ElfParts {
  /** ELF's `e_machine`. */
  readonly machine: number;
  readonly bits?: 32 | 64;
  readonly isBigEndian?: boolean;
  /** A segment of notes. */
  readonly notes?: Buffer;
  /** Bytes that are loaded at an address, in a section of their own. */
  readonly data?: { readonly address: bigint; readonly bytes: Buffer };
  /** Names and addresses. */
  readonly symbols?: Readonly<Record<string, bigint>>;
  /** Bytes right behind the headers, within the first page. */
  readonly start?: Buffer;
}

/** `XEN_ELFNOTE_PHYS32_ENTRY` */
const PVH_ENTRY = 18;

/** A note that QEMU finds the 32-bit start of a kernel by. */
export function pvhNote(): Buffer {
  const note = Buffer.alloc(20);
  for (const [index, value] of [4, 4, PVH_ENTRY].entries()) note.writeUInt32LE(value, index * 4);
  note.write('Xen\0', 12);
  note.writeUInt32LE(0x10_0000, 16);
  return note;
}

/** A Multiboot header of version 1, whose sum is right. */
export function multibootHeader(flags = 0): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt32LE(0x1b_ad_b0_02, 0);
  header.writeUInt32LE(flags, 4);
  header.writeUInt32LE((0x1_0000_0000 - 0x1b_ad_b0_02 - flags) >>> 0, 8);
  return header;
}

export function handMadeElf(parts: ElfParts): Buffer {
  const { machine, bits = 64, isBigEndian = false, notes = Buffer.alloc(0), start = Buffer.alloc(0) } = parts;
  const writer = new Writer(bits, isBigEndian);
  const headerSize = bits === 64 ? 64 : 52;
  const segmentSize = bits === 64 ? 56 : 32;
  const data = parts.data?.bytes ?? Buffer.alloc(0);
  const { table, strings } = symbolTable(parts.symbols ?? {}, writer);
  const names = Buffer.from('\0.data\0.symtab\0.strtab\0.shstrtab\0');
  const pieces = [start, notes, data, table, strings, names];
  const offsets: number[] = [];
  let at = headerSize + segmentSize;
  for (const piece of pieces) {
    at = Math.ceil(at / 8) * 8;
    offsets.push(at);
    at += piece.length;
  }
  const sectionsAt = Math.ceil(at / 8) * 8;
  const [, notesAt = 0, dataAt = 0, tableAt = 0, stringsAt = 0, namesAt = 0] = offsets;
  const section = (name: string, type: number, address: bigint, offset: number, size: number, link = 0) =>
    writer.section({ name: names.indexOf(`${name}\0`), type, address, offset, size, link });
  const sections = Buffer.concat([
    section('', 0, 0n, 0, 0),
    section('.data', 1, parts.data?.address ?? 0n, dataAt, data.length),
    section('.symtab', 2, 0n, tableAt, table.length, 3),
    section('.strtab', 3, 0n, stringsAt, strings.length),
    section('.shstrtab', 3, 0n, namesAt, names.length),
  ]);
  const file = Buffer.alloc(sectionsAt + sections.length);
  writer.header(machine, sectionsAt).copy(file);
  if (notes.length > 0) writer.segment(4, notesAt, notes.length).copy(file, headerSize);
  for (const [index, piece] of pieces.entries()) piece.copy(file, offsets[index]);
  sections.copy(file, sectionsAt);
  return file;
}

function symbolTable(
  symbols: Readonly<Record<string, bigint>>,
  writer: Writer,
): { readonly table: Buffer; readonly strings: Buffer } {
  let strings = '\0';
  const entries = [writer.symbol(0, 0n, 0)];
  for (const [name, address] of Object.entries(symbols)) {
    entries.push(writer.symbol(strings.length, address, 1));
    strings += `${name}\0`;
  }
  return { table: Buffer.concat(entries), strings: Buffer.from(strings) };
}

class Writer {
  readonly #bits: 32 | 64;
  readonly #isBig: boolean;

  constructor(bits: 32 | 64, isBig: boolean) {
    this.#bits = bits;
    this.#isBig = isBig;
  }

  header(machine: number, sectionsAt: number): Buffer {
    const wide = this.#bits === 64;
    return Buffer.concat([
      Buffer.from([
        0x7f,
        0x45,
        0x4c,
        0x46,
        wide ? 2 : 1,
        this.#isBig ? 2 : 1,
        1,
        ...Array<number>(9).fill(0),
      ]),
      this.#u16(2),
      this.#u16(machine),
      this.#u32(1),
      this.#word(0x10_0000n),
      this.#word(BigInt(wide ? 64 : 52)),
      this.#word(BigInt(sectionsAt)),
      this.#u32(0),
      ...[wide ? 64 : 52, wide ? 56 : 32, 1, wide ? 64 : 40, 5, 4].map((each) => this.#u16(each)),
    ]);
  }

  segment(type: number, offset: number, size: number): Buffer {
    const [at, length] = [this.#word(BigInt(offset)), this.#word(BigInt(size))];
    const zero = this.#word(0n);
    return this.#bits === 64
      ? Buffer.concat([this.#u32(type), this.#u32(4), at, zero, zero, length, length, this.#word(4n)])
      : Buffer.concat([this.#u32(type), at, zero, zero, length, length, this.#u32(4), this.#u32(4)]);
  }

  section(parts: {
    name: number;
    type: number;
    address: bigint;
    offset: number;
    size: number;
    link: number;
  }): Buffer {
    const { name, type, address, offset, size, link } = parts;
    return Buffer.concat([
      this.#u32(Math.max(name, 0)),
      this.#u32(type),
      this.#word(2n),
      this.#word(address),
      this.#word(BigInt(offset)),
      this.#word(BigInt(size)),
      this.#u32(link),
      this.#u32(0),
      this.#word(1n),
      this.#word(0n),
    ]);
  }

  symbol(name: number, address: bigint, section: number): Buffer {
    const [info, index] = [Buffer.from([0x10, 0]), this.#u16(section)];
    return this.#bits === 64
      ? Buffer.concat([this.#u32(name), info, index, this.#word(address), this.#word(0n)])
      : Buffer.concat([this.#u32(name), this.#word(address), this.#word(0n), info, index]);
  }

  #u16(value: number): Buffer {
    const bytes = Buffer.alloc(2);
    if (this.#isBig) bytes.writeUInt16BE(value);
    else bytes.writeUInt16LE(value);
    return bytes;
  }

  #u32(value: number): Buffer {
    const bytes = Buffer.alloc(4);
    if (this.#isBig) bytes.writeUInt32BE(value);
    else bytes.writeUInt32LE(value);
    return bytes;
  }

  #word(value: bigint): Buffer {
    if (this.#bits === 32) return this.#u32(Number(value));
    const bytes = Buffer.alloc(8);
    if (this.#isBig) bytes.writeBigUInt64BE(value);
    else bytes.writeBigUInt64LE(value);
    return bytes;
  }
}
