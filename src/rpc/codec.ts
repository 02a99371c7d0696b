import { ProtocolError } from './error.ts';
import { XdrReader, type XdrWriter } from './xdr.ts';

/** Both directions of one XDR type. A procedure is described once and TypeScript infers its shapes. */
export interface Codec<T> {
  write(writer: XdrWriter, value: T): void;
  read(reader: XdrReader): T;
  /** The least number of bytes a value takes: what lets a list length be refused before it is believed. */
  readonly minBytes: number;
}

export type ValueOf<C> = C extends Codec<infer T> ? T : never;

/** libvirt's limit for any string on the wire, in bytes. */
const STRING_MAX = 4 * 1024 * 1024;
/** libvirt's limit for most lists, in items. */
const LIST_MAX = 16384;

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

/** Sixteen bytes on the wire, the usual 8-4-4-4-12 lower case text in the API. */
export const uuid: Codec<string> = {
  write: (writer, value) => {
    const bytes = Buffer.from(value.replaceAll('-', ''), 'hex');
    if (bytes.length !== 16) throw new RangeError(`Not a UUID: ${value}`);
    writer.fixedOpaque(bytes);
  },
  read: (reader) => {
    const hex = reader.fixedOpaque(16).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
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

export function list<T>(codec: Codec<T>, max = LIST_MAX): Codec<readonly T[]> {
  return {
    write: (writer, values) => {
      if (values.length > max) throw new RangeError(`${values.length} items exceed the limit of ${max}`);
      writer.uint(values.length);
      for (const value of values) codec.write(writer, value);
    },
    read: (reader) => {
      const length = reader.length(max, codec.minBytes);
      const values: T[] = [];
      for (let index = 0; index < length; index++) values.push(codec.read(reader));
      return values;
    },
    minBytes: 4,
  };
}

/** Decodes a whole message body; bytes left over are as wrong as missing ones. */
export function decode<T>(codec: Codec<T>, body: Buffer): T {
  const reader = new XdrReader(body);
  const value = codec.read(reader);
  if (reader.remaining !== 0)
    throw new ProtocolError(`${reader.remaining} bytes are left over after a message`);
  return value;
}
