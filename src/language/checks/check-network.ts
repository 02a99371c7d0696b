import { t } from '@vscode/l10n';
import { removeAttribute } from '../xml/edit.ts';
import { attributeBelow, elementBelow, valueBelow } from '../xml/find.ts';
import { attributeOf, childElement, childElements, type XmlAttribute, type XmlElement } from '../xml/tree.ts';
import { groupAddress } from './check-interfaces.ts';
import { checkRanges } from './check-ranges.ts';
import type { Finding } from './finding.ts';
import { nameRange, valueRange } from './measure.ts';
import { removal, remedy } from './remedy.ts';

/** Modes in which the network is one of the host's, or its hardware, and libvirt runs nothing of its own on it. */
const OF_HOST: ReadonlySet<string> = new Set(['bridge', 'private', 'vepa', 'passthrough', 'hostdev']);

/** What only a network has that libvirt runs itself. */
const OF_OURS: ReadonlySet<string> = new Set(['ip', 'mac', 'dns', 'domain', 'mtu']);
const OF_OUR_BRIDGE: ReadonlySet<string> = new Set(['stp', 'delay', 'zone']);

/** What libvirt refuses in a network that is valid by its schema. */
export function checkNetwork(text: string, root: XmlElement): Finding[] {
  const mode = valueBelow(root, 'forward@mode') ?? (childElement(root, 'forward') ? 'nat' : '');
  return [
    ...(mode !== 'passthrough' && OF_HOST.has(mode) ? hostsOwn(text, root, mode) : []),
    ...nat(text, root, mode),
    ...bridge(text, root, mode),
    ...forward(text, root, mode),
    ...groupAddress(attributeBelow(root, 'mac@address')),
    ...checkRanges(text, root),
    ...portGroups(root),
  ].map((finding) => ({ reference: 'formatnetwork.html', ...finding }));
}

function hostsOwn(text: string, root: XmlElement, mode: string): Finding[] {
  const bridgeElement = childElement(root, 'bridge');
  const message = (name: string) =>
    t('The network of mode “{0}” is the host’s own: libvirt gives it no {1} and refuses that.', mode, name);
  const elements = childElements(root)
    .filter(({ key }) => OF_OURS.has(key))
    .map((element) => ({
      ...nameRange(element),
      code: 'network-mode',
      message: message(`<${element.name}>`),
      fixes: [removal(text, element)],
    }));
  if (bridgeElement === undefined || mode !== 'bridge') return elements;
  const attributes = bridgeElement.attributes
    .filter(({ key }) => OF_OUR_BRIDGE.has(key))
    .map((attribute) => ({
      ...valueRange(attribute),
      code: 'network-mode',
      message: message(attribute.name),
      fixes: [without(text, attribute)],
    }));
  return [...elements, ...attributes];
}

function without(text: string, attribute: XmlAttribute) {
  return remedy(t('Remove “{0}”', attribute.name), removeAttribute(text, attribute));
}

function nat(text: string, root: XmlElement, mode: string): Finding[] {
  const element = elementBelow(root, 'forward/nat');
  if (element === undefined || mode === 'nat' || mode === 'open') return [];
  return [
    {
      ...nameRange(element),
      code: 'network-mode',
      message: t('<nat> is for the mode “nat”; libvirt refuses it in a network of the mode “{0}”.', mode),
      fixes: [removal(text, element)],
    },
  ];
}

function bridge(text: string, root: XmlElement, mode: string): Finding[] {
  const name = attributeBelow(root, 'bridge@name');
  const element = childElement(root, 'bridge');
  if (element === undefined || name === undefined) return [];
  if (mode === 'passthrough' || mode === 'hostdev')
    return [
      {
        ...nameRange(element),
        code: 'network-mode',
        message: t('A network of the mode “{0}” has no bridge; libvirt refuses that.', mode),
        fixes: [removal(text, element)],
      },
    ];
  const device = attributeBelow(root, 'forward@dev') ?? attributeBelow(root, 'forward/interface@dev');
  if (device !== undefined && OF_HOST.has(mode))
    return [
      {
        ...valueRange(device),
        code: 'network-mode',
        message: t('The network names a bridge and a device of the host; libvirt takes one of them.'),
        related: valueRange(name),
      },
    ];
  // The kernel's own limit, with the zero behind it.
  return name.value.length <= 15
    ? []
    : [
        {
          ...valueRange(name),
          code: 'long-name',
          message: t(
            '“{0}” has {1} characters; Linux takes 15 at most, so that the network cannot start.',
            name.value,
            name.value.length,
          ),
        },
      ];
}

function forward(text: string, root: XmlElement, mode: string): Finding[] {
  const element = childElement(root, 'forward');
  if (element === undefined) return [];
  const device = attributeOf(element, 'dev');
  if (mode === 'open' && device !== undefined)
    return [
      {
        ...valueRange(device),
        code: 'network-mode',
        message: t('A network of the mode “open” has no rules for a device; libvirt refuses “dev”.'),
        fixes: [without(text, device)],
      },
    ];
  const inner = mode === 'hostdev' ? childElement(element, 'interface') : undefined;
  const name = inner && attributeOf(inner, 'dev');
  if (name === undefined || inner === undefined) {
    const needsAddress = mode === 'nat' && childElement(root, 'ip') === undefined;
    return needsAddress
      ? [
          {
            ...nameRange(element),
            code: 'no-ip',
            message: t('A network with NAT needs an <ip> of its own; libvirt refuses one without.'),
          },
        ]
      : [];
  }
  return [
    {
      ...valueRange(name),
      code: 'device-by-name',
      message: t(
        'A network of the mode “hostdev” lists its devices by PCI address, or names the card that has them as <pf>.',
      ),
      fixes: [
        remedy(t('Change to <pf>'), {
          start: inner.start,
          end: inner.end,
          text: `<pf dev=${name.quote}${text.slice(name.valueStart, name.valueEnd)}${name.quote}/>`,
        }),
      ],
    },
  ];
}

function portGroups(root: XmlElement): Finding[] {
  const first = new Map<string, XmlAttribute>();
  const findings: Finding[] = [];
  for (const group of childElements(root)) {
    if (group.key !== 'portgroup') continue;
    for (const attribute of group.attributes) {
      const isName = attribute.key === 'name';
      if (!isName && !(attribute.key === 'default' && attribute.value === 'yes')) continue;
      // A name may be “default”, too.
      const key = isName ? `=${attribute.value}` : 'default';
      const related = first.get(key);
      if (related === undefined) first.set(key, attribute);
      else
        findings.push({
          ...valueRange(attribute),
          code: 'duplicate-portgroup',
          message: isName
            ? t('Two port groups are called “{0}”; libvirt refuses that.', attribute.value)
            : t('Two port groups are the default; libvirt refuses that.'),
          related: valueRange(related),
        });
    }
  }
  return findings;
}
