import { child, children, parseXml, text } from '../../../client/libvirt/xml-object.ts';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { AddressSource } from '../../../client/libvirt/domain/guest.ts';
import { isLibvirtError } from '../../../client/libvirt/error.ts';
import { leadsToOther } from '../../../client/libvirt/ip-address.ts';
import type { KnownFrom } from './known-from.ts';

/** An address of a guest, and how it is known. */
export interface FoundAddress {
  readonly address: string;
  readonly from: KnownFrom;
}

const SOURCES = [
  ['lease', AddressSource.LEASE],
  ['agent', AddressSource.AGENT],
  ['arp', AddressSource.ARP],
] as const;

/** Asks libvirt's DHCP server, then the agent in the guest, then the host's ARP table: the first that knows. */
export async function findAddress(
  connection: Connection,
  domain: DomainRef,
): Promise<FoundAddress | undefined> {
  for (const [from, source] of SOURCES) {
    const interfaces = await connection.domainGuests
      .interfaceAddresses(domain, source, { timeoutMs: 5000 })
      .catch((error: unknown) => {
        // Any of them may be missing: no such network, no agent, no right to look.
        if (isLibvirtError(error)) return [];
        throw error;
      });
    const addresses = interfaces
      .flatMap((each) => each.addresses)
      .filter(({ address }) => leadsToOther(address));
    const best = addresses.find(({ version }) => version === 4) ?? addresses[0];
    if (best !== undefined) return { address: best.address, from };
  }
  return undefined;
}

/** The alias of the host's end of the first card on QEMU's user networking; undefined without such a card. */
export function userNetworkOf(liveXml: string): string | undefined {
  const devices = child(child(parseXml(liveXml), 'domain'), 'devices');
  for (const card of children(devices, 'interface')) {
    if (text(card, '@type') !== 'user' || text(child(card, 'backend'), '@type') === 'passt') continue;
    const alias = text(child(card, 'alias'), '@name');
    if (alias !== undefined) return `host${alias}`;
  }
  return undefined;
}
