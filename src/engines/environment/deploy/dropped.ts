import { DomainXml } from '../../../client/libvirt/domain/domain.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { Environment } from '../file/model.ts';
import type { EnvironmentHost } from './environment-host.ts';
import { findGuest, type FoundGuest } from './find-guest.ts';
import { recordIn } from './record.ts';

/** A guest that Up made and its file no longer declares. It is removed only on request. */
export interface DroppedGuest {
  readonly guest: {
    /** What the file called it. */
    readonly name: string;
    readonly domain: string;
  };
  readonly host: EnvironmentHost;
  readonly found: FoundGuest;
}

/** On a host with more domains, only those are read whose names begin with the file's name. */
const MANY = 500;

/** Finds them by the record in the metadata of each domain of the hosts. */
export async function findDropped(
  environment: Environment,
  id: string,
  hosts: Iterable<EnvironmentHost>,
  nameOfHost: (name: string | undefined) => Promise<string>,
): Promise<readonly DroppedGuest[]> {
  const declared = new Set(
    await Promise.all(
      environment.guests.map(async ({ domain, host }) => `${await nameOfHost(host)}\0${domain}`),
    ),
  );
  const all = await Promise.all(
    [...hosts].map(async (host) => {
      const refs = await host.connection.domains.list();
      const near =
        refs.length <= MANY ? refs : refs.filter(({ name }) => name.startsWith(`${environment.name}-`));
      const others = near.filter(({ name }) => !declared.has(`${host.name}\0${name}`));
      const whose = await Promise.all(others.map((ref) => host.ownerOf(ref.uuid, () => ownerOf(host, ref))));
      const ours = others.filter((_, index) => whose[index] === id);
      return Promise.all(ours.map((ref) => dropped(host, ref.name, id)));
    }),
  );
  return all.flat().filter((each) => each !== undefined);
}

async function ownerOf(
  { connection }: EnvironmentHost,
  ref: Parameters<EnvironmentHost['connection']['domains']['xml']>[0],
): Promise<string | undefined> {
  try {
    return recordIn(await connection.domains.xml(ref, DomainXml.INACTIVE))?.id;
  } catch (error) {
    // It went away meanwhile.
    if (isLibvirtError(error, ErrorCode.NO_DOMAIN)) return undefined;
    throw error;
  }
}

async function dropped(host: EnvironmentHost, domain: string, id: string): Promise<DroppedGuest | undefined> {
  const found = await findGuest(host.connection, domain);
  if (found?.record?.id !== id) return undefined;
  return { guest: { name: found.record.guest, domain }, host, found };
}
