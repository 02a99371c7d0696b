import { t } from '@vscode/l10n';
import type { Fix } from '../schema/diagnostic.ts';
import { attributeBelow, elementBelow, valueBelow } from '../xml/find.ts';
import type { XmlAttribute } from '../xml/tree.ts';
import type { DomainView } from './domain-view.ts';
import type { Finding } from './finding.ts';
import { nameRange, valueRange } from './measure.ts';
import { removal, remedy } from './remedy.ts';

/** Types of interfaces without a device of the host whose MTU could be set. */
const NO_MTU: ReadonlySet<string> = new Set([
  'user',
  'direct',
  'hostdev',
  'server',
  'client',
  'mcast',
  'udp',
  'internal',
]);

export function checkInterfaces({ devices, text, isQemu }: DomainView): Finding[] {
  return devices.flatMap((device) => {
    if (device.key !== 'interface') return [];
    const findings = groupAddress(attributeBelow(device, 'mac@address'));
    const mtu = elementBelow(device, 'mtu');
    const type = valueBelow(device, 'type') ?? '';
    // passt makes a device of its own for the card.
    const isPasst = valueBelow(device, 'backend@type') === 'passt';
    if (isQemu && mtu !== undefined && !isPasst && NO_MTU.has(type))
      findings.push({
        ...nameRange(mtu),
        code: 'no-mtu',
        message: t('The MTU of an interface of the type “{0}” cannot be set; libvirt refuses that.', type),
        fixes: [removal(text, mtu)],
        reference: 'formatdomain.html#mtu-configuration',
      });
    return findings;
  });
}

/** An odd first byte addresses a group of cards. */
export function groupAddress(address: XmlAttribute | undefined): Finding[] {
  const first = Number.parseInt(address?.value.slice(0, 2) ?? '', 16);
  if (address === undefined || Number.isNaN(first) || first % 2 === 0) return [];
  return [
    {
      ...valueRange(address),
      code: 'group-mac',
      message: t(
        '{0} is the address of a group: the first byte of a card’s own MAC address is even.',
        address.value,
      ),
      fixes: [usual(address)],
    },
  ];
}

function usual({ valueStart, value }: XmlAttribute): Fix {
  const text = '52:54:00';
  const edit = { start: valueStart, end: valueStart + text.length, text };
  return remedy(t('Change to “{0}”', text + value.slice(text.length)), edit);
}
