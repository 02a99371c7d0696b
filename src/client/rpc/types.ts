import { t } from '@vscode/l10n';
import {
  type Codec,
  double,
  hyper,
  int,
  list,
  nameString,
  optional,
  string,
  struct,
  uhyper,
  uint,
  uuid,
} from './codec.ts';
import { ProtocolError, type RemoteErrorFields } from './error.ts';
import type { XdrReader, XdrWriter } from './xdr.ts';

/** How libvirt names a domain in every message. */
export const domainRef = struct({ name: nameString, uuid, id: int });

/** How libvirt names a virtual network in every message. */
export const networkRef = struct({ name: nameString, uuid });

/** How libvirt names a storage pool in every message. */
export const storagePoolRef = struct({ name: nameString, uuid });

/** Some bytes behind their length. */
export function opaque(max: number): Codec<Uint8Array> {
  return {
    write: (writer, value) => {
      if (value.length > max)
        throw new RangeError(t('Data of {0} bytes exceeds its limit of {1}', value.length, max));
      writer.opaque(value);
    },
    // The message's memory is used again.
    read: (reader) => Uint8Array.from(reader.opaque(max)),
    minBytes: 4,
  };
}

/** A text as a list of chars, up to its NUL: on the wire every char takes an int. */
export function charList(max: number): Codec<string> {
  const chars = list(int, max);
  return {
    write: (writer, value) => chars.write(writer, [...Buffer.from(value), 0]),
    read: (reader) => {
      const bytes = Buffer.from(chars.read(reader).map((char) => char & 0xff));
      const end = bytes.indexOf(0);
      return bytes.toString('utf8', 0, end === -1 ? bytes.length : end);
    },
    minBytes: 4,
  };
}

/** A C array of `length` chars with a text in it: on the wire every char takes an int. */
export function charArray(length: number): Codec<string> {
  return {
    write: (writer, value) => {
      const bytes = Buffer.from(value);
      if (bytes.length >= length)
        throw new RangeError(t('“{0}” is longer than {1} bytes', value, length - 1));
      for (let index = 0; index < length; index++) writer.int(bytes[index] ?? 0);
    },
    read: (reader) => {
      const bytes = Buffer.alloc(length);
      for (let index = 0; index < length; index++) bytes[index] = reader.int() & 0xff;
      const end = bytes.indexOf(0);
      return bytes.toString('utf8', 0, end === -1 ? length : end);
    },
    minBytes: length * 4,
  };
}

/** A 64-bit number is a bigint; the typed API turns it into what its unit needs. */
export type TypedValue =
  | { readonly type: 'int' | 'uint' | 'double'; readonly value: number }
  | { readonly type: 'llong' | 'ullong'; readonly value: bigint }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string };

export type TypedParameter = TypedValue & { readonly field: string };

/** `virTypedParameter`: a name, then a union that starts with the number of its type. */
export const typedParameter: Codec<TypedParameter> = {
  read: (reader) => {
    const field = reader.string(TYPED_FIELD_MAX);
    return { field, ...readTypedValue(field, reader) };
  },
  write: (writer, parameter) => {
    writer.string(parameter.field);
    writeTypedValue(writer, parameter);
  },
  minBytes: 12,
};

const TYPED_FIELD_MAX = 65536;

/** Several of them; each call has its own limit. */
export function typedParameters(max: number): Codec<readonly TypedParameter[]> {
  return list(typedParameter, max);
}

function readTypedValue(field: string, reader: XdrReader): TypedValue {
  const type = reader.int();
  switch (type) {
    case 1:
      return { type: 'int', value: reader.int() };
    case 2:
      return { type: 'uint', value: reader.uint() };
    case 3:
      return { type: 'llong', value: reader.hyper() };
    case 4:
      return { type: 'ullong', value: reader.uhyper() };
    case 5:
      return { type: 'double', value: reader.double() };
    case 6:
      return { type: 'boolean', value: reader.int() !== 0 };
    case 7:
      return { type: 'string', value: string.read(reader) };
    default:
      throw new ProtocolError(t('The typed parameter {0} has the unknown type {1}', field, type));
  }
}

function writeTypedValue(writer: XdrWriter, parameter: TypedValue): void {
  switch (parameter.type) {
    case 'int':
      writer.int(1);
      int.write(writer, parameter.value);
      break;
    case 'uint':
      writer.int(2);
      uint.write(writer, parameter.value);
      break;
    case 'llong':
      writer.int(3);
      hyper.write(writer, parameter.value);
      break;
    case 'ullong':
      writer.int(4);
      uhyper.write(writer, parameter.value);
      break;
    case 'double':
      writer.int(5);
      double.write(writer, parameter.value);
      break;
    case 'boolean':
      writer.int(6);
      writer.int(parameter.value ? 1 : 0);
      break;
    case 'string':
      writer.int(7);
      string.write(writer, parameter.value);
      break;
  }
}

/** The body of a frame whose status is ERROR. */
export const remoteError: Codec<RemoteErrorFields> = struct({
  code: int,
  domain: int,
  message: optional(string),
  level: int,
  dom: optional(domainRef),
  str1: optional(string),
  str2: optional(string),
  str3: optional(string),
  int1: int,
  int2: int,
  net: optional(networkRef),
});
