import { BlockList, isIP, isIPv4 } from 'node:net';

/** `virIPAddrType`. */
export type IpVersion = 4 | 6;

export interface IpAddress {
  readonly version: IpVersion;
  readonly address: string;
  /** The length of the network's prefix, in bits. */
  readonly prefix: number;
}

/** A network interface as its guest knows it. */
export interface GuestInterface {
  readonly name: string;
  readonly mac: string | undefined;
  readonly addresses: readonly IpAddress[];
}

/**
 * Whether a text is an IP address and nothing else. Agents in guests, DHCP clients and daemons say what they like, and
 * addresses go into files and commands: whatever takes one from them asks this first. IPv6 zones are refused, since
 * they are interfaces of another machine and may hold other characters.
 */
export function isAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%');
}

/** The addresses among what a guest or daemon calls so; what is none is left out, and each says its own version. */
export function ipAddresses(
  said: readonly { readonly address: string; readonly prefix: number }[],
): readonly IpAddress[] {
  return said
    .filter(({ address }) => isAddress(address))
    .map(({ address, prefix }) => ({ version: isIPv4(address) ? 4 : 6, address, prefix }));
}

/** Whether an address leads to one other machine: neither back to this one, nor only on a link, nor to many. */
export function leadsToOther(address: string): boolean {
  return isAddress(address) && !SPECIAL.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}

/** What is said for IPv4 holds for such addresses in the form of IPv6 as well. */
const SPECIAL = new BlockList();
SPECIAL.addSubnet('0.0.0.0', 8);
SPECIAL.addSubnet('127.0.0.0', 8);
SPECIAL.addSubnet('169.254.0.0', 16);
// Multicast, and what is reserved behind it.
SPECIAL.addSubnet('224.0.0.0', 3);
SPECIAL.addAddress('::', 'ipv6');
SPECIAL.addAddress('::1', 'ipv6');
SPECIAL.addSubnet('fe80::', 10, 'ipv6');
SPECIAL.addSubnet('ff00::', 8, 'ipv6');
