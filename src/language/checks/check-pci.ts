import { t } from '@vscode/l10n';
import { attributeBelow, valueBelow } from '../xml/find.ts';
import { childElement, type XmlAttribute, type XmlElement } from '../xml/tree.ts';
import type { DomainView } from './domain-view.ts';
import type { Finding } from './finding.ts';
import { valueRange } from './measure.ts';
import { setting } from './remedy.ts';

/** The slots that a bus has, by the controller that provides it. */
const SLOTS: ReadonlyMap<string, readonly [first: number, last: number]> = new Map([
  ['pci-root', [0, 31]],
  ['pcie-root', [0, 31]],
  ['pcie-root-port', [0, 0]],
  ['pcie-switch-downstream-port', [0, 0]],
  ['pci-bridge', [1, 31]],
  ['dmi-to-pci-bridge', [0, 31]],
  ['pcie-to-pci-bridge', [1, 31]],
]);

/** Addresses that the machine's own chips have, each with the device of libvirt's that it is, when it is one. */
const BUILT_IN: Readonly<Record<string, ReadonlyMap<string, string | undefined>>> = {
  pc: new Map([
    ['1.0', undefined],
    ['1.1', 'ide'],
    ['1.2', 'usb'],
    ['1.3', undefined],
  ]),
  q35: new Map([
    ['31.0', undefined],
    ['31.2', 'sata'],
    ['31.3', undefined],
  ]),
};

/** PCI addresses that are not there, or that a chip of the machine has already. */
export function checkPci(view: DomainView): Finding[] {
  const models = new Map<number, string>();
  for (const device of view.devices)
    if (device.key === 'controller' && valueBelow(device, 'type') === 'pci')
      models.set(Number(valueBelow(device, 'index') ?? Number.NaN), valueBelow(device, 'model') ?? '');
  return view.devices.flatMap((device) => {
    const address = childElement(device, 'address');
    if (address === undefined || valueBelow(address, 'type') !== 'pci') return [];
    return [
      ...otherDomain(address, view),
      ...missingSlot(address, view, models),
      ...builtIn(device, address, view),
    ];
  });
}

function finding(
  attribute: XmlAttribute | undefined,
  address: XmlElement,
  rest: Pick<Finding, 'message' | 'fixes'> & { readonly code: string },
): Finding {
  const { start, end } = attribute === undefined ? address : valueRange(attribute);
  return { start, end, reference: 'pci-addresses.html', ...rest };
}

function otherDomain(address: XmlElement, { family }: DomainView): Finding[] {
  const domain = attributeBelow(address, 'domain');
  if (domain === undefined || family === undefined || !(Number(domain.value) > 0)) return [];
  return [
    finding(domain, address, {
      code: 'pci-domain',
      message: t('The machine has only the PCI domain 0; libvirt refuses another.'),
      fixes: [setting(address, 'domain', '0x0000')],
    }),
  ];
}

function missingSlot(
  address: XmlElement,
  { family }: DomainView,
  models: ReadonlyMap<number, string>,
): Finding[] {
  const bus = Number(valueBelow(address, 'bus') ?? 0);
  const attribute = attributeBelow(address, 'slot');
  const slot = Number(attribute?.value ?? 0);
  const model = models.get(bus) ?? (bus > 0 && family === 'q35' ? 'pcie-root-port' : '');
  const slots = SLOTS.get(model);
  if (attribute === undefined || slots === undefined || Number.isNaN(slot)) return [];
  const [first, last] = slots;
  if (slot >= first && slot <= last) return [];
  const message =
    last === 0
      ? t('Bus {0} is a {1}, which has only the slot 0.', bus, model)
      : t('Bus {0} is a {1}, whose slots go from {2} to {3}.', bus, model, first, last);
  const fixes = last === 0 ? [setting(address, 'slot', '0x00', true)] : [];
  return [finding(attribute, address, { code: 'pci-slot', message, fixes })];
}

function builtIn(device: XmlElement, address: XmlElement, { family }: DomainView): Finding[] {
  const chips = family === undefined ? undefined : BUILT_IN[family];
  if (chips === undefined || Number(valueBelow(address, 'bus') ?? 0) !== 0) return [];
  const [slot, part] = [valueBelow(address, 'slot'), valueBelow(address, 'function')].map((each) =>
    Number(each ?? 0),
  );
  const place = `${String(slot)}.${String(part)}`;
  if (!chips.has(place)) return [];
  const own = chips.get(place);
  if (own !== undefined && device.key === 'controller' && valueBelow(device, 'type') === own) return [];
  // The old PC's IDE controller comes only with a disk on it.
  if (own === 'ide') return [];
  return [
    finding(attributeBelow(address, 'slot'), address, {
      code: 'pci-built-in',
      message: t(
        'A chip of the machine itself is at this address ({0}); libvirt refuses a second device there.',
        `00:${place}`,
      ),
      fixes: [],
    }),
  ];
}
