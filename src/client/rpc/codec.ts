import { t } from '@vscode/l10n';
import { ProtocolError } from './error.ts';
import { Turn } from './turn.ts';
import { XdrReader, type XdrWriter } from './xdr.ts';

/** Both directions of one XDR type. A procedure is described once and TypeScript infers its shapes. */
export interface Codec<T> {
  write(writer: XdrWriter, value: T): void;
  read(reader: XdrReader): T;
  /** Reads the same piece by piece, where there may be many of them: something else may come between two. */
  readonly readPieces?: (reader: XdrReader) => Generator<undefined, T>;
  /** The least number of bytes a value takes: what lets a list length be refused before it is believed. */
  readonly minBytes: number;
}

export type ValueOf<C> = C extends Codec<infer T> ? T : never;

/** libvirt's limit for any string on the wire, in bytes. */
const STRING_MAX = 4 * 1024 * 1024;
/** Longer than any file's path. */
const NAME_MAX = 4096;
/** libvirt's limit for most lists, in items. */
const LIST_MAX = 16384;
/** How many items of a list are read in one piece. */
const PIECE_ITEMS = 64;

export const int: Codec<number> = {
  write: (writer, value) => writer.int(value),
  read: (reader) => reader.int(),
  minBytes: 4,
};

export const uint: Codec<number> = {
  write: (writer, value) => writer.uint(value),
  read: (reader) => reader.uint(),
  minBytes: 4,
};

export const hyper: Codec<bigint> = {
  write: (writer, value) => writer.hyper(value),
  read: (reader) => reader.hyper(),
  minBytes: 8,
};

export const uhyper: Codec<bigint> = {
  write: (writer, value) => writer.uhyper(value),
  read: (reader) => reader.uhyper(),
  minBytes: 8,
};

export const double: Codec<number> = {
  write: (writer, value) => writer.double(value),
  read: (reader) => reader.double(),
  minBytes: 8,
};

/** An int that libvirt uses as a truth value: anything but 0 is true. */
export const flag: Codec<boolean> = {
  write: (writer, value) => writer.int(value ? 1 : 0),
  read: (reader) => reader.int() !== 0,
  minBytes: 4,
};

export const string: Codec<string> = {
  write: (writer, value) => writer.string(value),
  read: (reader) => reader.string(STRING_MAX),
  minBytes: 4,
};

/** What something is called: of such texts, those of all that a daemon lists or tells of are kept. */
export const nameString: Codec<string> = {
  ...string,
  read: (reader) => reader.string(NAME_MAX),
};

/** Sixteen bytes on the wire, the usual 8-4-4-4-12 lower case text in the API. */
export const uuid: Codec<string> = {
  write: (writer, value) => writer.uuid(value),
  read: (reader) => {
    const hex = reader.hex(16);
    // Joined, it is one string in memory; a template would keep all of its parts.
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  },
  minBytes: 16,
};

/** No arguments, or an empty reply. */
export const nothing: Codec<void> = {
  write: () => undefined,
  read: () => undefined,
  minBytes: 0,
};

/** The fields in wire order. */
export function struct<F extends Record<string, Codec<unknown>>>(
  fields: F,
): Codec<{ [K in keyof F]: ValueOf<F[K]> }> {
  const entries = Object.entries(fields);
  type Value = { [K in keyof F]: ValueOf<F[K]> };
  return {
    write: (writer, value) => {
      for (const [name, codec] of entries) codec.write(writer, value[name]);
    },
    read: (reader) => {
      const value: Record<string, unknown> = {};
      for (const [name, codec] of entries) value[name] = codec.read(reader);
      return value as Value;
    },
    *readPieces(reader) {
      const value: Record<string, unknown> = {};
      for (const [name, codec] of entries)
        value[name] = codec.readPieces === undefined ? codec.read(reader) : yield* codec.readPieces(reader);
      return value as Value;
    },
    minBytes: entries.reduce((sum, [, codec]) => sum + codec.minBytes, 0),
  };
}

/** XDR's pointer: a presence word, then the value. */
export function optional<T>(codec: Codec<T>): Codec<T | undefined> {
  return {
    write: (writer, value) => {
      writer.bool(value !== undefined);
      if (value !== undefined) codec.write(writer, value);
    },
    read: (reader) => (reader.bool() ? codec.read(reader) : undefined),
    minBytes: 4,
  };
}

/** XDR's variable array: how many there are, then each. More than `max` are refused, to write and to read. */
export function list<T>(codec: Codec<T>, max = LIST_MAX): Codec<readonly T[]> {
  return {
    write: (writer, values) => {
      if (values.length > max)
        throw new RangeError(t('A list of {0} items exceeds its limit of {1}', values.length, max));
      writer.uint(values.length);
      for (const value of values) codec.write(writer, value);
    },
    read: (reader) => {
      const length = reader.length(max, codec.minBytes);
      const values: T[] = [];
      for (let index = 0; index < length; index++) values.push(codec.read(reader));
      return values;
    },
    *readPieces(reader) {
      const length = reader.length(max, codec.minBytes);
      const values: T[] = [];
      for (let index = 0; index < length; index++) {
        if (index % PIECE_ITEMS === 0) yield;
        values.push(codec.read(reader));
      }
      return values;
    },
    minBytes: 4,
  };
}

/** What `read` makes of each value, at once: of a long list nothing else is kept. For replies, which nobody writes. */
export function readAs<T, U>(codec: Codec<T>, read: (value: T) => U): Codec<U> {
  return {
    write: () => {
      throw new TypeError('This can only be read');
    },
    read: (reader) => read(codec.read(reader)),
    minBytes: codec.minBytes,
  };
}

/** Decodes a whole message body; bytes left over are as wrong as missing ones. */
export function decode<T>(codec: Codec<T>, body: Buffer): T {
  const reader = new XdrReader(body);
  const value = codec.read(reader);
  checkEnd(reader);
  return value;
}

/** Decodes a message body that is so large that everything else must have its turn meanwhile. */
export async function decodeInTurns<T>(codec: Codec<T>, body: Buffer): Promise<T> {
  if (codec.readPieces === undefined) return decode(codec, body);
  const reader = new XdrReader(body);
  const pieces = codec.readPieces(reader);
  const turn = new Turn();
  for (;;) {
    const piece = pieces.next();
    if (piece.done === true) {
      checkEnd(reader);
      return piece.value;
    }
    if (turn.isOver) await turn.next();
  }
}

function checkEnd(reader: XdrReader): void {
  if (reader.remaining !== 0)
    throw new ProtocolError(t('A message is followed by extra data (bytes: {0})', reader.remaining));
}
