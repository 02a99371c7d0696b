import { open, type FileHandle } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import { DebugError } from '../error.ts';

/** ELF's `e_machine` values of the guests that we know, as libvirt names their architectures. */
const MACHINES: Readonly<Record<number, string>> = {
  3: 'i686',
  62: 'x86_64',
  40: 'armv7l',
  183: 'aarch64',
  22: 's390x',
  21: 'ppc64',
};
const EM_RISCV = 243;

const SHT_SYMTAB = 2;
const SHT_STRTAB = 3;
const SHT_NOTE = 7;
const SHT_NOBITS = 8;
const SHF_ALLOC = 2;
const SHF_EXECINSTR = 4;
const NT_GNU_BUILD_ID = 3;
const MAX_NOTES = 64 * 1024;
const MAX_SECTIONS = 65_536;
const MAX_NAMES = 64 * 1024 * 1024;

interface Section {
  readonly name: string;
  readonly type: number;
  readonly flags: bigint;
  readonly address: bigint;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

/** A section, and where it was linked. */
export interface PlacedSection {
  readonly name: string;
  readonly address: bigint;
}

/** What there is to know of a program before a debugger is asked: only its headers are read, never all of it. */
export class ElfFile implements AsyncDisposable {
  readonly path: string;
  /** libvirt's name; `unknown (N)` for one that we do not know. */
  readonly arch: string;
  readonly bits: 32 | 64;
  readonly entry: bigint;
  readonly #file: FileHandle;
  readonly #little: boolean;
  readonly #sections: readonly Section[];

  private constructor(path: string, file: FileHandle, header: Header, sections: readonly Section[]) {
    this.path = path;
    this.#file = file;
    this.arch = header.arch;
    this.bits = header.bits;
    this.entry = header.entry;
    this.#little = header.little;
    this.#sections = sections;
  }

  /** @throws DebugError when it cannot be read or is no ELF file. */
  static async open(path: string): Promise<ElfFile> {
    const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
      throw new DebugError(
        'symbols',
        cause.code === 'ENOENT'
          ? t('There is no file {0} to read symbols from', path)
          : t('The symbols cannot be read from {0}: {1}', path, cause.message),
        t('Build it first, or set “program” to another file.'),
        { cause },
      );
    });
    try {
      const header = readHeader(await bytes(file, 0, 64), path);
      return new ElfFile(path, file, header, await readSections(file, header, path));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Whether there is line information (DWARF), in the file itself. */
  get hasDwarf(): boolean {
    return this.#sections.some(({ name, size }) => /^\.z?debug_info$/.test(name) && size > 0);
  }

  get hasSymbols(): boolean {
    return this.#sections.some(({ type, size }) => type === SHT_SYMTAB && size > 0);
  }

  /** How much there is of line and type information, in bytes, that gdb has to read whole to find a name in it. */
  get dwarfWithoutIndex(): number {
    const indexed = this.#sections.some(({ name }) => name === '.gdb_index' || name === '.debug_names');
    const info = this.#sections.find(({ name }) => name === '.debug_info');
    return indexed ? 0 : (info?.size ?? 0);
  }

  /**
   * What is loaded, and linked below the kernel's half of the addresses: it stays where it is when a kernel is moved, such
   * as the per-CPU data of x86-64, which is counted from 0.
   */
  get absoluteSections(): readonly PlacedSection[] {
    return this.#sections.filter(
      ({ flags, size, address }) => (Number(flags) & SHF_ALLOC) !== 0 && size > 0 && address >> 63n === 0n,
    );
  }

  /** The first bytes of code as they are loaded, and where: to compare with what a guest has there. */
  async codeSample(length: number): Promise<{ address: bigint; data: Buffer } | undefined> {
    const executable = this.#sections.filter(
      ({ type, flags, size }) =>
        type !== SHT_NOBITS &&
        size > 0 &&
        (Number(flags) & (SHF_ALLOC | SHF_EXECINSTR)) === (SHF_ALLOC | SHF_EXECINSTR),
    );
    const section = executable.find(({ name }) => name === '.text') ?? executable[0];
    if (section === undefined) return undefined;
    return {
      address: section.address,
      data: await bytes(this.#file, section.offset, Math.min(length, section.size)),
    };
  }

  /** What is loaded at that address, as the file has it; undefined where the file has nothing for it. */
  async dataAt(address: bigint, length: number): Promise<Buffer | undefined> {
    const section = this.#sections.find(
      ({ type, address: start, size }) =>
        type !== SHT_NOBITS && start !== 0n && address >= start && address < start + BigInt(size),
    );
    if (section === undefined) return undefined;
    const inside = Number(address - section.address);
    return bytes(this.#file, section.offset + inside, Math.min(length, section.size - inside));
  }

  /** The notes with the id of the build (`--build-id`), where they are loaded; undefined without one. */
  async buildId(): Promise<{ address: bigint; length: number; id: string } | undefined> {
    for (const { type, address, offset, size } of this.#sections) {
      if (type !== SHT_NOTE || address === 0n || size > MAX_NOTES) continue;
      const id = buildIdIn(await bytes(this.#file, offset, size), this.#little);
      if (id !== undefined) return { address, length: size, id };
    }
    return undefined;
  }

  /** The symbols of those names, where they are defined. */
  async symbols(wanted: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    const found = new Map<string, bigint>();
    for (const section of this.#sections.filter(({ type }) => type === SHT_SYMTAB))
      await this.#search(section, wanted, found);
    return found;
  }

  async #search(section: Section, wanted: readonly string[], found: Map<string, bigint>): Promise<void> {
    const strings = this.#sections[section.link];
    if (strings?.type !== SHT_STRTAB || strings.size > MAX_NAMES || section.size > MAX_NAMES) return;
    const [table, names] = await Promise.all([
      bytes(this.#file, section.offset, section.size),
      bytes(this.#file, strings.offset, strings.size),
    ]);
    // The names are found as bytes first: a kernel has a hundred thousand symbols, and we want a handful.
    const offsets = new Map(
      wanted.flatMap((name) => offsetsOf(names, name).map((offset) => [offset, name] as const)),
    );
    const size = this.bits === 64 ? 24 : 16;
    const view = new Reader(table, this.#little, this.bits);
    for (let at = 0; at + size <= table.length; at += size) {
      const name = offsets.get(view.u32(at));
      if (name !== undefined && view.u16(at + (this.bits === 64 ? 6 : 14)) !== 0)
        found.set(name, view.word(at + (this.bits === 64 ? 8 : 4)));
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** The build's id among ELF notes, in hexadecimal digits; undefined where there is none, or where they are no notes. */
export function buildIdIn(notes: Buffer, little = true): string | undefined {
  const u32 = (at: number) => (little ? notes.readUInt32LE(at) : notes.readUInt32BE(at));
  for (let at = 0; at + 12 <= notes.length;) {
    const [nameSize, size, type] = [u32(at), u32(at + 4), u32(at + 8)];
    const data = at + 12 + padded(nameSize);
    if (nameSize > MAX_NOTES || size > MAX_NOTES || data + size > notes.length) return undefined;
    if (type === NT_GNU_BUILD_ID && notes.toString('latin1', at + 12, at + 16) === 'GNU\0')
      return notes.toString('hex', data, data + size);
    at = data + padded(size);
  }
  return undefined;
}

/** Names and data of notes are padded to whole words. */
function padded(length: number): number {
  return (length + 3) & ~3;
}

/** Where a name stands in a string table, also as the end of a longer one. */
function offsetsOf(names: Buffer, name: string): number[] {
  const wanted = Buffer.from(`${name}\0`);
  const offsets: number[] = [];
  for (let at = names.indexOf(wanted); at !== -1; at = names.indexOf(wanted, at + 1)) offsets.push(at);
  return offsets;
}

interface Header {
  readonly arch: string;
  readonly bits: 32 | 64;
  readonly little: boolean;
  readonly entry: bigint;
  readonly sectionsAt: number;
  readonly sectionSize: number;
  readonly sectionCount: number;
  readonly namesIndex: number;
}

function readHeader(header: Buffer, path: string): Header {
  if (header.length < 52 || header.readUInt32BE(0) !== 0x7f454c46)
    throw new DebugError(
      'symbols',
      t('{0} is not an ELF file, so it has no symbols for a debugger', path),
      t('Set “program” to the ELF file that the linker made.'),
    );
  const bits = header[4] === 2 ? 64 : 32;
  const little = header[5] !== 2;
  const view = new Reader(header, little, bits);
  const wide = bits === 64;
  const machine = view.u16(18);
  return {
    arch:
      machine === EM_RISCV
        ? wide
          ? 'riscv64'
          : 'riscv32'
        : (MACHINES[machine] ?? t('unknown ({0})', machine)),
    bits,
    little,
    entry: view.word(24),
    sectionsAt: Number(view.word(wide ? 40 : 32)),
    sectionSize: view.u16(wide ? 58 : 46),
    sectionCount: view.u16(wide ? 60 : 48),
    namesIndex: view.u16(wide ? 62 : 50),
  };
}

async function readSections(file: FileHandle, header: Header, path: string): Promise<readonly Section[]> {
  const { bits, little, sectionsAt, sectionSize, sectionCount, namesIndex } = header;
  if (sectionCount === 0) return [];
  if (sectionSize < (bits === 64 ? 64 : 40) || sectionCount > MAX_SECTIONS)
    throw new DebugError('symbols', t('The section headers of {0} are damaged', path), t('Build it again.'));
  const table = await bytes(file, sectionsAt, sectionSize * sectionCount);
  const view = new Reader(table, little, bits);
  const wide = bits === 64;
  const sections = Array.from({ length: Math.floor(table.length / sectionSize) }, (_, index) => {
    const at = index * sectionSize;
    return {
      nameAt: view.u32(at),
      type: view.u32(at + 4),
      flags: view.word(at + 8),
      address: view.word(at + (wide ? 16 : 12)),
      offset: Number(view.word(at + (wide ? 24 : 16))),
      size: Number(view.word(at + (wide ? 32 : 20))),
      link: view.u32(at + (wide ? 40 : 24)),
    };
  });
  const strings = sections[namesIndex];
  const names =
    strings === undefined
      ? Buffer.alloc(0)
      : await bytes(file, strings.offset, Math.min(strings.size, MAX_NAMES));
  return sections.map(({ nameAt, ...section }) => ({ name: nameIn(names, nameAt), ...section }));
}

function nameIn(names: Buffer, at: number): string {
  const end = names.indexOf(0, at);
  return end === -1 ? '' : names.toString('latin1', at, end);
}

class Reader {
  readonly #data: Buffer;
  readonly #little: boolean;
  readonly #bits: 32 | 64;

  constructor(data: Buffer, little: boolean, bits: 32 | 64) {
    this.#data = data;
    this.#little = little;
    this.#bits = bits;
  }

  u16(at: number): number {
    return this.#little ? this.#data.readUInt16LE(at) : this.#data.readUInt16BE(at);
  }

  u32(at: number): number {
    return this.#little ? this.#data.readUInt32LE(at) : this.#data.readUInt32BE(at);
  }

  /** As wide as an address. */
  word(at: number): bigint {
    if (this.#bits === 32) return BigInt(this.u32(at));
    return this.#little ? this.#data.readBigUInt64LE(at) : this.#data.readBigUInt64BE(at);
  }
}

/** Up to so many bytes: a file that ends earlier gives fewer. */
async function bytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
