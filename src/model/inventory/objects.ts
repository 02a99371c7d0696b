import type { Connection } from '../../client/libvirt/connect.ts';
import { ErrorCode, isLibvirtError } from '../../client/libvirt/error.ts';
import type { Host } from './host.ts';
import type { KindName, ObjectName, ObjectRecord, ObjectXml } from './kinds/kind.ts';
import { kindOf } from './kinds/kinds.ts';
import { notRedefined } from './kinds/xml.ts';

/** An object was defined. `complaint` is what libvirt's own schema says against text that libvirt accepted. */
export interface Defined {
  readonly name: ObjectName;
  readonly complaint: string | undefined;
}

/** The definition of an object, or with `live` how it is now, with its passwords where we may see them. */
export function readObject(connection: Connection, name: ObjectName, live = false): Promise<ObjectXml> {
  return kindOf(name.kind).xml.read({ connection, parent: name.parent }, name.key, live);
}

/** Whether libvirt says that the object (or what it is in) is not there. */
export function isGone({ kind }: Pick<ObjectName, 'kind'>, error: unknown): boolean {
  return isLibvirtError(error, ...kindOf(kind).gone);
}

/** All objects of a kind on a host, or in `parent`, without following them. */
export async function listObjects(
  connection: Connection,
  kind: KindName,
  parent?: string,
): Promise<ReadonlyMap<string, ObjectRecord>> {
  const records = new Map<string, ObjectRecord>();
  await kindOf(kind).readAll({ connection, parent }, (key, record) => records.set(key, record));
  return records;
}

/**
 * Has libvirt make or replace an object, which the host knows when this returns. Its validator is asked first, but has not the last word: it refuses some
 * of what libvirt itself writes, so that text it refuses is defined without it, and its words are handed on.
 * @param where the object to be replaced; for a new one, only what it goes into
 */
export async function defineObject(
  host: Host,
  kind: KindName,
  xml: string,
  where: Where = {},
): Promise<Defined> {
  const defined = await define(await host.connect(), kind, xml, where);
  // What cannot be read is reported by the host itself.
  await host.refresh(defined.name).catch(() => undefined);
  return defined;
}

interface Where {
  readonly key?: string;
  readonly parent?: string;
}

async function define(connection: Connection, kind: KindName, xml: string, where: Where): Promise<Defined> {
  const { xml: ways } = kindOf(kind);
  if (ways.define === undefined) throw new Error(notRedefined());
  const place = { connection, parent: where.parent };
  const named = (key: string): ObjectName => ({
    kind,
    key,
    ...(where.parent === undefined ? {} : { parent: where.parent }),
  });
  try {
    return { name: named(await ways.define(place, xml, ways.validate, where.key)), complaint: undefined };
  } catch (error) {
    if (ways.validate === 0 || !isLibvirtError(error, ...NOT_THE_LAST_WORD)) throw error;
    const name = named(await ways.define(place, xml, 0, where.key));
    return {
      name,
      complaint: isLibvirtError(error, ErrorCode.XML_INVALID_SCHEMA) ? error.message : undefined,
    };
  }
}

/** It is against the schema, or this driver or version knows no such flag. */
const NOT_THE_LAST_WORD = [
  ErrorCode.XML_INVALID_SCHEMA,
  ErrorCode.INVALID_ARG,
  ErrorCode.ARGUMENT_UNSUPPORTED,
  ErrorCode.NO_SUPPORT,
];

/** Whether two texts that libvirt wrote of an object define the same. */
export function sameDefinition({ kind }: Pick<ObjectName, 'kind'>, a: string, b: string): boolean {
  return a === b || (kindOf(kind).xml.same?.(a, b) ?? false);
}
