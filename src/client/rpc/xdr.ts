import { t } from '@vscode/l10n';
import { ProtocolError } from './error.ts';

/**
 * XDR (RFC 4506), big endian, every item padded to four bytes. The reader trusts nothing: each length is
 * checked against its limit and against what is left before any memory is taken for it.
 */
export class XdrReader {
  readonly #buffer: Buffer;
  #offset = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  /** How many bytes were not read yet. */
  get remaining(): number {
    return this.#buffer.length - this.#offset;
  }

  /** Four bytes with a sign; a char, a short and an enum take as many. @throws ProtocolError past the end. */
  int(): number {
    return this.#buffer.readInt32BE(this.#take(4));
  }

  /** Four bytes without a sign. */
  uint(): number {
    return this.#buffer.readUInt32BE(this.#take(4));
  }

  /** Eight bytes with a sign. */
  hyper(): bigint {
    return this.#buffer.readBigInt64BE(this.#take(8));
  }

  /** Eight bytes without a sign. */
  uhyper(): bigint {
    return this.#buffer.readBigUInt64BE(this.#take(8));
  }

  /** Eight bytes of floating point. */
  double(): number {
    return this.#buffer.readDoubleBE(this.#take(8));
  }

  /** Four bytes that are 0 or 1. @throws ProtocolError for any other number. */
  bool(): boolean {
    const value = this.uint();
    if (value > 1) throw new ProtocolError(t('A boolean has the value {0}', value));
    return value === 1;
  }

  /** A view on the reader's own memory, not a copy. */
  fixedOpaque(length: number): Buffer {
    const start = this.#take(length + padding(length));
    return this.#buffer.subarray(start, start + length);
  }

  /** Some bytes as lower case hexadecimal digits. */
  hex(length: number): string {
    const start = this.#take(length + padding(length));
    return this.#buffer.toString('hex', start, start + length);
  }

  /** Some bytes behind their number: a view on the reader's own memory, not a copy. */
  opaque(max: number): Buffer {
    return this.fixedOpaque(this.length(max, 1));
  }

  /** A text in UTF-8, of `max` bytes at the most; what is no UTF-8 is replaced. */
  string(max: number): string {
    const length = this.length(max, 1);
    const start = this.#take(length + padding(length));
    return this.#buffer.toString('utf8', start, start + length);
  }

  /** Reads an item count and refuses one that the rest of the message could not hold. */
  length(max: number, bytesPerItem: number): number {
    const length = this.uint();
    if (length > max) throw new ProtocolError(t('A length of {0} exceeds its limit of {1}', length, max));
    if (length * bytesPerItem > this.remaining)
      throw new ProtocolError(t('A length of {0} points past the end of its message', length));
    return length;
  }

  #take(bytes: number): number {
    const start = this.#offset;
    if (bytes > this.#buffer.length - start)
      throw new ProtocolError(t('A message ends in the middle of a value'));
    this.#offset = start + bytes;
    return start;
  }
}

/** Builds XDR messages in a buffer that grows as they do. */
export class XdrWriter {
  readonly #initialSize: number;
  #buffer: Buffer;
  /** Where what was not yet taken begins and ends. */
  #start = 0;
  #end = 0;

  constructor(initialSize = 256) {
    this.#initialSize = initialSize;
    this.#buffer = Buffer.allocUnsafe(initialSize);
  }

  /** Four bytes with a sign. @throws RangeError, as all of these, for a value that does not fit. */
  int(value: number): void {
    const start = this.#grow(4);
    this.#buffer.writeInt32BE(value, start);
  }

  /** Four bytes without a sign. */
  uint(value: number): void {
    const start = this.#grow(4);
    this.#buffer.writeUInt32BE(value, start);
  }

  /** Eight bytes with a sign. */
  hyper(value: bigint): void {
    const start = this.#grow(8);
    this.#buffer.writeBigInt64BE(value, start);
  }

  /** Eight bytes without a sign. */
  uhyper(value: bigint): void {
    const start = this.#grow(8);
    this.#buffer.writeBigUInt64BE(value, start);
  }

  /** Eight bytes of floating point. */
  double(value: number): void {
    const start = this.#grow(8);
    this.#buffer.writeDoubleBE(value, start);
  }

  /** 0 or 1 in four bytes. */
  bool(value: boolean): void {
    this.uint(value ? 1 : 0);
  }

  /** Bytes whose number both sides know, padded to four. */
  fixedOpaque(bytes: Uint8Array): void {
    const pad = padding(bytes.length);
    const start = this.#grow(bytes.length + pad);
    this.#buffer.set(bytes, start);
    this.#clear(start + bytes.length, pad);
  }

  /** The sixteen bytes of a UUID in hexadecimal digits, with dashes or without. */
  uuid(text: string): void {
    const start = this.#grow(UUID_BYTES);
    let at = start * 2;
    const end = at + UUID_BYTES * 2;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code === DASH) continue;
      const digit = hexDigit(code);
      if (digit === -1 || at === end) throw new RangeError(t('“{0}” is not a UUID', text));
      const high = (at & 1) === 0;
      this.#buffer[at >> 1] = high ? digit << 4 : (this.#buffer[at >> 1] ?? 0) | digit;
      at++;
    }
    if (at !== end) throw new RangeError(t('“{0}” is not a UUID', text));
  }

  /** Bytes behind their number. */
  opaque(bytes: Uint8Array): void {
    this.uint(bytes.length);
    this.fixedOpaque(bytes);
  }

  /** A text in UTF-8 behind the number of its bytes. */
  string(value: string): void {
    const length = Buffer.byteLength(value);
    this.uint(length);
    const pad = padding(length);
    const start = this.#grow(length + pad);
    this.#buffer.write(value, start, 'utf8');
    this.#clear(start + length, pad);
  }

  /** Of what was not yet taken. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Overwrites an unsigned int written earlier, for lengths that are known only at the end. */
  patchUint(offset: number, value: number): void {
    this.#buffer.writeUInt32BE(value, this.#start + offset);
  }

  /** Forgets what was written after the first `length` bytes. */
  truncate(length: number): void {
    this.#end = this.#start + length;
  }

  /** What was written so far, without a copy: write nothing more after this. */
  finish(): Buffer {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** What was written so far, without a copy; what is written from now on is somewhere else. */
  take(): Buffer {
    const taken = this.finish();
    this.#start = this.#end;
    return taken;
  }

  /** Makes room and says where it starts. Call it before naming the buffer: it may be another one afterwards. */
  #grow(bytes: number): number {
    const start = this.#end;
    if (start + bytes <= this.#buffer.length) {
      this.#end = start + bytes;
      return start;
    }
    const { length } = this;
    const bigger = Buffer.allocUnsafe(Math.max(this.#initialSize, length + bytes, length * 2));
    this.#buffer.copy(bigger, 0, this.#start, start);
    this.#buffer = bigger;
    this.#start = 0;
    this.#end = length + bytes;
    return length;
  }

  #clear(start: number, bytes: number): void {
    for (let index = start; index < start + bytes; index++) this.#buffer[index] = 0;
  }
}

const UUID_BYTES = 16;
const DASH = 0x2d;

/** -1 for what is none. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function padding(length: number): number {
  return -length & 3;
}
