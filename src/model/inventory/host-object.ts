import { CreateSnapshot } from '../../client/libvirt/domain/snapshot.ts';
import type { Connection } from '../../client/libvirt/connect.ts';
import { DefineDomain, DomainXml } from '../../client/libvirt/domain/domain.ts';
import { ErrorCode, isLibvirtError } from '../../client/libvirt/error.ts';
import { DefineInterface, InterfaceXml } from '../../client/libvirt/host/interface.ts';
import { DefineFilter } from '../../client/libvirt/network/filter.ts';
import { DefineNetwork, NetworkXml } from '../../client/libvirt/network/network.ts';
import { DefineSecret } from '../../client/libvirt/host/secret.ts';
import { DefinePool, PoolXml } from '../../client/libvirt/storage/pool.ts';
import { CreateVolume } from '../../client/libvirt/storage/volume.ts';
import type { ObjectKind, ObjectName } from './object-name.ts';

/** What libvirt has of an object. */
export interface ObjectXml {
  readonly xml: string;
  /** Why this text must not be given back to libvirt, a sentence; undefined when it may be. */
  readonly readOnly: string | undefined;
}

/** An object was defined. `complaint` is what libvirt's own schema says against text that libvirt accepted. */
export interface Defined {
  readonly name: ObjectName;
  readonly complaint: string | undefined;
}

interface Access {
  readonly read: (connection: Connection, name: ObjectName, live: boolean) => Promise<ObjectXml>;
  /** Makes an object, or replaces the one with the same name and UUID; missing where libvirt cannot. */
  readonly define?: (connection: Connection, xml: string, flags: number, name: Place) => Promise<string>;
  readonly validate?: number;
  /** libvirt's code for one that is not there. */
  readonly gone: number;
}

/** The object to be replaced, or where a new one goes: `parent` is the UUID of a volume's pool, of a snapshot's domain. */
type Place = Pick<ObjectName, 'parent'> & { readonly key?: string };

const NOT_REDEFINED = 'libvirt cannot change this by redefining it.';

const ACCESS: Record<ObjectKind, Access> = {
  domain: {
    read: readDomain,
    define: async ({ domains }, xml, flags) => (await domains.defineXml(xml, flags)).uuid,
    validate: DefineDomain.VALIDATE,
    gone: ErrorCode.NO_DOMAIN,
  },
  network: {
    read: async ({ networks }, { key }, live) => {
      const network = await networks.lookupByUuid(key);
      const persistent = await networks.isPersistent(network);
      const xml = await networks.xml(network, persistent && !live ? NetworkXml.INACTIVE : 0);
      return definition(xml, live, persistent);
    },
    define: async ({ networks }, xml, flags) => (await networks.defineXml(xml, flags)).uuid,
    validate: DefineNetwork.VALIDATE,
    gone: ErrorCode.NO_NETWORK,
  },
  pool: {
    read: async ({ storagePools }, { key }, live) => {
      const pool = await storagePools.lookupByUuid(key);
      const persistent = await storagePools.isPersistent(pool);
      const xml = await storagePools.xml(pool, persistent && !live ? PoolXml.INACTIVE : 0);
      return definition(xml, live, persistent);
    },
    define: async ({ storagePools }, xml, flags) => (await storagePools.defineXml(xml, flags)).uuid,
    validate: DefinePool.VALIDATE,
    gone: ErrorCode.NO_STORAGE_POOL,
  },
  volume: {
    read: async ({ storagePools, storageVolumes }, { key, parent }) => {
      const pool = await storagePools.lookupByUuid(parentOf(parent));
      const xml = await storageVolumes.xml(await storageVolumes.lookupByName(pool, key));
      return { xml, readOnly: NOT_REDEFINED };
    },
    define: async ({ storagePools, storageVolumes }, xml, flags, { parent }) => {
      const pool = await storagePools.lookupByUuid(parentOf(parent));
      return (await storageVolumes.create(pool, xml, flags)).name;
    },
    validate: CreateVolume.VALIDATE,
    gone: ErrorCode.NO_STORAGE_VOL,
  },
  snapshot: {
    read: async (connection, { key, parent }) => {
      const domain = await connection.domains.lookupByUuid(parentOf(parent));
      const snapshot = await connection.snapshots.lookupByName(domain, key);
      return secure((flags) => connection.snapshots.xml(snapshot, flags));
    },
    define: defineSnapshot,
    validate: CreateSnapshot.VALIDATE,
    gone: ErrorCode.NO_DOMAIN_SNAPSHOT,
  },
  nodedev: {
    read: async ({ nodeDevices }, { key }) => ({ xml: await nodeDevices.xml(key), readOnly: NOT_REDEFINED }),
    gone: ErrorCode.NO_NODE_DEVICE,
  },
  secret: {
    read: async ({ secrets }, { key }) => ({
      xml: await secrets.xml(await secrets.lookupByUuid(key)),
      readOnly: undefined,
    }),
    define: async ({ secrets }, xml, flags) => (await secrets.defineXml(xml, flags)).uuid,
    validate: DefineSecret.VALIDATE,
    gone: ErrorCode.NO_SECRET,
  },
  filter: {
    read: async ({ networkFilters }, { key }) => ({
      xml: await networkFilters.xml(await networkFilters.lookupByUuid(key)),
      readOnly: undefined,
    }),
    define: async ({ networkFilters }, xml, flags) => (await networkFilters.defineXml(xml, flags)).uuid,
    validate: DefineFilter.VALIDATE,
    gone: ErrorCode.NO_NWFILTER,
  },
  interface: {
    read: async ({ interfaces }, { key }, live) => {
      const found = await interfaces.lookupByName(key);
      // Drivers that keep one definition only refuse to tell two apart.
      const xml = await interfaces.xml(found, live ? 0 : InterfaceXml.INACTIVE).catch((error: unknown) => {
        if (!isLibvirtError(error, ErrorCode.INVALID_ARG)) throw error;
        return interfaces.xml(found);
      });
      return definition(xml, live, true);
    },
    define: async ({ interfaces }, xml, flags) => (await interfaces.defineXml(xml, flags)).name,
    validate: DefineInterface.VALIDATE,
    gone: ErrorCode.NO_INTERFACE,
  },
};

/** The definition of an object, or with `live` how it is now, with its passwords where we may see them. */
export function readObject(connection: Connection, name: ObjectName, live = false): Promise<ObjectXml> {
  return ACCESS[name.kind].read(connection, name, live);
}

/** Whether libvirt says that the object (or what it is in) is not there. */
export function isGone({ kind }: ObjectName, error: unknown): boolean {
  const parents = kind === 'volume' ? [ErrorCode.NO_STORAGE_POOL] : [ErrorCode.NO_DOMAIN];
  return isLibvirtError(
    error,
    ACCESS[kind].gone,
    ...(kind === 'volume' || kind === 'snapshot' ? parents : []),
  );
}

/**
 * Has libvirt make or replace an object. Its validator is asked first, but has not the last word: it refuses some
 * of what libvirt itself writes, so that text it refuses is defined without it, and its words are handed on.
 */
export async function defineObject(
  connection: Connection,
  kind: ObjectKind,
  xml: string,
  place: Place = {},
): Promise<Defined> {
  const { define, validate = 0 } = ACCESS[kind];
  if (define === undefined) throw new Error(NOT_REDEFINED);
  const named = (key: string): ObjectName => ({ kind, key, ...parentIn(place) });
  try {
    return { name: named(await define(connection, xml, validate, place)), complaint: undefined };
  } catch (error) {
    if (!isLibvirtError(error, ...NOT_THE_LAST_WORD)) throw error;
    const name = named(await define(connection, xml, 0, place));
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

/** Numbers that change by themselves are no change of a definition. */
export function sameDefinition({ kind }: ObjectName, a: string, b: string): boolean {
  if (a === b) return true;
  if (kind !== 'pool') return false;
  return withoutUse(a) === withoutUse(b);
}

function withoutUse(pool: string): string {
  return pool.replaceAll(/<(capacity|allocation|available)\b[^>]*>[^<]*<\/\1>/g, '');
}

async function readDomain({ domains }: Connection, { key }: ObjectName, live: boolean): Promise<ObjectXml> {
  const domain = await domains.lookupByUuid(key);
  const persistent = await domains.isPersistent(domain);
  const inactive = persistent && !live ? DomainXml.INACTIVE : 0;
  const read = await secure((flags) => domains.xml(domain, inactive | flags));
  return { xml: read.xml, readOnly: read.readOnly ?? definition(read.xml, live, persistent).readOnly };
}

/** A connection that may not see passwords must not write either: they would be lost. */
async function secure(read: (flags: number) => Promise<string>): Promise<ObjectXml> {
  try {
    return { xml: await read(DomainXml.SECURE), readOnly: undefined };
  } catch (error) {
    if (!isLibvirtError(error, ErrorCode.OPERATION_DENIED, ErrorCode.ACCESS_DENIED)) throw error;
    return {
      xml: await read(0),
      readOnly: 'This connection may not read passwords, so that saving would lose them.',
    };
  }
}

function definition(xml: string, live: boolean, persistent: boolean): ObjectXml {
  if (live) return { xml, readOnly: 'This is how it runs now: edit the definition instead.' };
  return { xml, readOnly: persistent ? undefined : 'It is transient: there is no definition to edit.' };
}

/** A snapshot that is there is redefined, one without a `key` is taken. */
async function defineSnapshot(
  { domains, snapshots }: Connection,
  xml: string,
  flags: number,
  { key, parent }: Place,
): Promise<string> {
  const domain = await domains.lookupByUuid(parentOf(parent));
  if (key === undefined) return (await snapshots.create(domain, xml, flags)).name;
  const current = await snapshots.isCurrent(await snapshots.lookupByName(domain, key));
  const redefine = CreateSnapshot.REDEFINE | (current ? CreateSnapshot.CURRENT : 0);
  return (await snapshots.create(domain, xml, redefine | flags)).name;
}

function parentOf(parent: string | undefined): string {
  if (parent === undefined) throw new Error('The address does not say what this is in');
  return parent;
}

function parentIn({ parent }: Place): Pick<ObjectName, 'parent'> {
  return parent === undefined ? {} : { parent };
}
