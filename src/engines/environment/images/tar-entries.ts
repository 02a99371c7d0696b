import type { FileHandle } from 'node:fs/promises';
import { t } from '@vscode/l10n';

/** A file inside an archive, and where its bytes are. Its name is untrusted: it is compared, and never opened. */
export interface TarEntry {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

const BLOCK = 512;
/** An appliance has a description, a manifest, a certificate and some disks, each with a header or two. */
const MAX_HEADERS = 4000;
const REGULAR = new Set(['0', '\0', '7']);
/** GNU's form of a file with holes, whose bytes are not as they are in the file. */
const SPARSE = 'S';
/** Headers between those of a file and the file: of a link's target, and for the whole archive. */
const ABOUT_THE_NEXT = new Set(['K', 'g']);
/** How compressed archives begin: gzip, xz, zstd, bzip2, zip. */
// oxlint-disable-next-line no-control-regex -- they are bytes
const COMPRESSED = /^(?:\u001f\u008b|\u00fd7zXZ|\u0028\u00b5\u002f\u00fd|BZh|PK\u0003\u0004)/u;

/**
 * The regular files of a tar archive (POSIX ustar, with the names and sizes of GNU and pax). Nothing is unpacked. Each header leads
 * further into the file, and their number has a bound: no archive keeps the reader for ever.
 * @throws SyntaxError, with a sentence for people, when it is no such archive or is cut off
 */
export async function readTarEntries(file: FileHandle, signal?: AbortSignal): Promise<readonly TarEntry[]> {
  const { size: end } = await file.stat();
  const entries: TarEntry[] = [];
  const header = Buffer.alloc(BLOCK);
  let more: PaxWords = {};
  let headers = 0;
  for (let position = 0; position + BLOCK <= end;) {
    signal?.throwIfAborted();
    await file.read(header, 0, BLOCK, position);
    if (header.every((byte) => byte === 0)) return entries;
    if (!hasRightSum(header)) throw noArchive(header);
    headers += 1;
    if (headers > MAX_HEADERS) throw new SyntaxError(t('The archive has too many files for an appliance'));
    const type = header.toString('latin1', 156, 157);
    const size = more.size ?? sizeIn(header);
    const offset = position + BLOCK;
    if (!Number.isSafeInteger(size) || size < 0)
      throw new SyntaxError(t('The archive is damaged: a file in it has no valid size'));
    if (offset + size > end) throw new SyntaxError(t('The archive is cut off: it ends within a file'));
    if (type === 'x') Object.assign(more, await readPax(file, offset, size));
    else if (type === 'L') more.path = await readLongName(file, offset, size);
    else if (!ABOUT_THE_NEXT.has(type)) {
      const name = more.path ?? nameIn(header);
      if (type === SPARSE || more.isSparse === true) throw sparse(name);
      if (REGULAR.has(type)) entries.push({ name, offset, size });
      more = {};
    }
    position = offset + Math.ceil(size / BLOCK) * BLOCK;
  }
  return entries;
}

function noArchive(header: Buffer): SyntaxError {
  return new SyntaxError(
    COMPRESSED.test(header.toString('latin1', 0, 8))
      ? t('The archive is compressed: decompress it, and import the .ova or .ovf in it')
      : t('The file is not a tar archive, or it is damaged'),
  );
}

function sparse(name: string): SyntaxError {
  return new SyntaxError(
    t('{0} is stored with holes in the archive: unpack it with “tar -xf”, and import the .ovf', name),
  );
}

interface PaxWords {
  path?: string;
  size?: number;
  isSparse?: boolean;
}

const MAX_PAX = 64 * 1024;

async function readMore(file: FileHandle, offset: number, size: number): Promise<string> {
  if (size > MAX_PAX) throw new SyntaxError(t('The archive has headers that are too long'));
  const data = Buffer.alloc(size);
  await file.read(data, 0, size, offset);
  return data.toString('utf8');
}

/** GNU tar's name for the file that follows, which its own header has no room for. */
async function readLongName(file: FileHandle, offset: number, size: number): Promise<string> {
  return (await readMore(file, offset, size)).split('\0')[0] ?? '';
}

/** Lines of `length key=value`. */
async function readPax(file: FileHandle, offset: number, size: number): Promise<PaxWords> {
  const words: PaxWords = {};
  for (const line of (await readMore(file, offset, size)).split('\n')) {
    const [, key, value = ''] = /^\d+ ([^=]+)=(.*)$/u.exec(line) ?? [];
    if (key === 'path') words.path = value;
    if (key === 'size') words.size = decimal(value);
    if (key?.startsWith('GNU.sparse.') === true) words.isSparse = true;
  }
  return words;
}

function nameIn(header: Buffer): string {
  const isPosix = header.toString('latin1', 257, 263) === 'ustar\0';
  const prefix = isPosix ? textIn(header, 345, 500) : '';
  const name = textIn(header, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** Octal digits, or from 8 GiB on a binary number of 12 bytes. NaN for anything else. */
function sizeIn(header: Buffer): number {
  if ((header[124] ?? 0) >= 0x80)
    return header.readUInt32BE(124) === 0x80_00_00_00 ? Number(header.readBigUInt64BE(128)) : Number.NaN;
  const digits = textIn(header, 124, 136).trim();
  return /^[0-7]*$/u.test(digits) ? Number.parseInt(digits || '0', 8) : Number.NaN;
}

function decimal(text: string): number {
  return /^\d+$/u.test(text) ? Number(text) : Number.NaN;
}

function textIn(header: Buffer, start: number, end: number): string {
  return (header.toString('utf8', start, end).split('\0')[0] ?? '').trimEnd();
}

function hasRightSum(header: Buffer): boolean {
  let sum = 0;
  for (const [index, byte] of header.entries()) sum += index >= 148 && index < 156 ? 0x20 : byte;
  return sum === Number.parseInt(textIn(header, 148, 156).trim(), 8);
}
