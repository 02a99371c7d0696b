import { t } from '@vscode/l10n';
import { removeAttribute } from '../xml/edit.ts';
import { attributeOf, childElement, childElements, type XmlAttribute, type XmlElement } from '../xml/tree.ts';
import type { Finding } from './finding.ts';
import { nameRange, valueRange } from './measure.ts';
import { remedy } from './remedy.ts';

/** The addresses of a network, and those that it hands out. Only IPv4 is looked into. */
export function checkRanges(text: string, root: XmlElement): Finding[] {
  const findings: Finding[] = [];
  let first: XmlElement | undefined;
  for (const ip of childElements(root)) {
    if (ip.key !== 'ip') continue;
    findings.push(...prefixTwice(text, ip));
    const dhcp = childElement(ip, 'dhcp');
    if (dhcp === undefined || !isV4(ip)) continue;
    if (first === undefined) first = dhcp;
    else
      findings.push({
        ...nameRange(dhcp),
        code: 'second-dhcp',
        message: t('A network hands out IPv4 addresses of one <ip> only; libvirt refuses a second <dhcp>.'),
        related: nameRange(first),
      });
    findings.push(...ranges(ip, dhcp));
  }
  return findings;
}

function isV4(ip: XmlElement): boolean {
  return (attributeOf(ip, 'family')?.value ?? 'ipv4') === 'ipv4';
}

function prefixTwice(text: string, ip: XmlElement): Finding[] {
  const [prefix, netmask] = [attributeOf(ip, 'prefix'), attributeOf(ip, 'netmask')];
  if (prefix === undefined || netmask === undefined) return [];
  return [
    {
      ...valueRange(netmask),
      code: 'prefix-twice',
      message: t('An <ip> has a prefix or a netmask; libvirt refuses both.'),
      related: valueRange(prefix),
      fixes: [prefix, netmask].map((each) =>
        remedy(t('Remove “{0}”', each.name), removeAttribute(text, each)),
      ),
    },
  ];
}

function ranges(ip: XmlElement, dhcp: XmlElement): Finding[] {
  const network = networkOf(ip);
  return childElements(dhcp).flatMap((range) => {
    const [start, end] = [attributeOf(range, 'start'), attributeOf(range, 'end')];
    if (range.key !== 'range' || start === undefined || end === undefined) return [];
    const [from, to] = [numberOf(start.value), numberOf(end.value)];
    if (from === undefined || to === undefined) return [];
    if (from > to) return [doubt(end, t('The range ends before it starts ({0}).', start.value), start)];
    if (network === undefined) return [];
    return [
      ...outside(start, from, network, (value) => value === network.first, t('the network’s own')),
      ...outside(end, to, network, (value) => value === network.last, t('that of all')),
    ];
  });
}

interface Network {
  readonly first: number;
  readonly last: number;
  readonly written: string;
}

function outside(
  attribute: XmlAttribute,
  value: number,
  { first, last, written }: Network,
  isReserved: (value: number) => boolean,
  name: string,
): Finding[] {
  if (value < first || value > last)
    return [
      doubt(attribute, t('{0} is not in the network {1}; libvirt refuses that.', attribute.value, written)),
    ];
  return isReserved(value)
    ? [doubt(attribute, t('{0} is {1} address; libvirt refuses to hand it out.', attribute.value, name))]
    : [];
}

function doubt(attribute: XmlAttribute, message: string, related?: XmlAttribute): Finding {
  return {
    ...valueRange(attribute),
    code: 'dhcp-range',
    message,
    ...(related && { related: valueRange(related) }),
  };
}

function networkOf(ip: XmlElement): Network | undefined {
  const address = attributeOf(ip, 'address')?.value ?? '';
  const netmask = attributeOf(ip, 'netmask')?.value;
  const prefix = attributeOf(ip, 'prefix')?.value;
  const own = numberOf(address);
  const mask = netmask === undefined ? maskOf(Number(prefix)) : numberOf(netmask);
  if (own === undefined || mask === undefined) return undefined;
  const first = (own & mask) >>> 0;
  const last = (first | ~mask) >>> 0;
  return { first, last, written: `${address}/${String(prefix ?? netmask)}` };
}

function maskOf(prefix: number): number | undefined {
  if (!Number.isInteger(prefix) || prefix < 1 || prefix > 32) return undefined;
  return (0xffffffff << (32 - prefix)) >>> 0;
}

function numberOf(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}
