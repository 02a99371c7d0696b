import { child, children, parseXml, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';

export interface NetworkDetails {
  /** How guests get out, such as `nat`; undefined for an isolated network. */
  readonly forward: string | undefined;
  /** The bridge of the host that it makes or uses. */
  readonly bridge: string | undefined;
  readonly portGroups: readonly string[];
  /** The host's own addresses in it with their prefix lengths, such as 192.168.122.1/24. */
  readonly addresses: readonly string[];
}

/** What the XML of a network says of it in a few words. @throws Error when it is no XML. */
export function readNetworkDetails(xml: string): NetworkDetails {
  const network = child(parseXml(xml), 'network');
  const [forward] = children(network, 'forward');
  return {
    // Without a mode it is NAT.
    forward: forward && (text(forward, '@mode') ?? 'nat'),
    bridge: text(child(network, 'bridge'), '@name'),
    portGroups: children(network, 'portgroup').flatMap((group) => text(group, '@name') ?? []),
    addresses: children(network, 'ip').flatMap((ip) => addressOf(ip) ?? []),
  };
}

function addressOf(ip: XmlObject): string | undefined {
  const address = text(ip, '@address');
  if (address === undefined) return undefined;
  const prefix = text(ip, '@prefix') ?? prefixOf(text(ip, '@netmask'));
  return prefix === undefined ? address : `${address}/${prefix}`;
}

/** 255.255.255.0 is 24. */
function prefixOf(netmask: string | undefined): string | undefined {
  const bits = netmask
    ?.split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  const match = /^(1*)0*$/.exec(bits ?? '0');
  return match?.[1] === undefined || bits?.length !== 32 ? undefined : String(match[1].length);
}
