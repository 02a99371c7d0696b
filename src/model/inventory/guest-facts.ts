import { GuestInfoTypes } from '../../client/libvirt/domain/guest.ts';
import type { GuestInfo } from '../../client/libvirt/domain/guest-info.ts';
import type { CallOptions } from '../../client/rpc/connection.ts';
import { refOf } from './kinds/domain-record.ts';
import type { DomainTarget } from './domain-target.ts';

/** More would make no tooltip. */
const SHOWN_MAX = 6;
const GIB = 1024 ** 3;

/** `virDomainGetGuestInfo`, as far as the agent in the guest knows. @throws Error when it does not answer. */
export async function readGuest(target: DomainTarget, options?: CallOptions): Promise<GuestInfo> {
  const connection = await target.host.connect();
  const { record } = target;
  if (record === undefined) throw new Error('It is no longer there');
  const { domainGuests } = connection;
  try {
    // All that it knows: asked for by name, what it does not know is an error.
    return await domainGuests.info(refOf(record), 0, options);
  } catch (error) {
    options?.signal?.throwIfAborted();
    // It may fail as a whole where the agent cannot tell one of the parts.
    const types = GuestInfoTypes.OS | GuestInfoTypes.HOSTNAME;
    return domainGuests.info(refOf(record), types, options).catch(() => Promise.reject(error));
  }
}

/** What a person wants to know of a guest, as labels and values. The guest may have said anything. */
export function guestRows(info: GuestInfo): readonly (readonly [label: string, value: string])[] {
  const { os, hostname } = info;
  const system = [os?.prettyName ?? os?.name, os?.kernelRelease].filter((part) => part !== undefined);
  return [
    ...(system.length === 0 ? [] : [['Guest system', system.join(', ')] as const]),
    ...(hostname === undefined ? [] : [['Host name', hostname] as const]),
    ...list('Addresses', addressesOf(info)),
    ...list('File systems', fileSystemsOf(info)),
  ];
}

function addressesOf({ interfaces }: GuestInfo): readonly string[] {
  return interfaces
    .filter(({ name }) => name !== 'lo')
    .flatMap(({ name, addresses }) => addresses.map(({ address }) => `${address} (${name})`))
    .filter((text) => !text.startsWith('fe80:'));
}

function fileSystemsOf({ fileSystems }: GuestInfo): readonly string[] {
  return fileSystems.flatMap(({ mountPoint, used, total }) => {
    if (mountPoint === undefined) return [];
    if (used === undefined || total === undefined) return [mountPoint];
    return [`${mountPoint} ${gib(used)} of ${gib(total)} GiB`];
  });
}

function list(label: string, values: readonly string[]): readonly (readonly [string, string])[] {
  if (values.length === 0) return [];
  const more = values.length > SHOWN_MAX ? ` and ${values.length - SHOWN_MAX} more` : '';
  return [[label, values.slice(0, SHOWN_MAX).join(', ') + more]];
}

function gib(bytes: bigint): string {
  const value = Number(bytes) / GIB;
  return value.toFixed(value < 10 ? 1 : 0);
}
