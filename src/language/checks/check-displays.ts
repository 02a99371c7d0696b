import { t } from '@vscode/l10n';
import { attributeBelow, elementBelow, valueBelow } from '../xml/find.ts';
import type { XmlAttribute, XmlElement } from '../xml/tree.ts';
import type { DomainView } from './domain-view.ts';
import type { Finding } from './finding.ts';
import { valueRange } from './measure.ts';
import { addition, removal, remedy } from './remedy.ts';

/** Types of a character device that SPICE carries. */
const OVER_SPICE: ReadonlySet<string> = new Set(['spicevmc', 'spiceport']);

/** What needs a display, and displays that contradict themselves. */
export function checkDisplays(view: DomainView): Finding[] {
  const displays = view.devices.filter(({ key }) => key === 'graphics');
  const hasSpice = displays.some((each) => valueBelow(each, 'type') === 'spice');
  return view.devices.flatMap((device) => {
    if (device.key === 'graphics') return [...listens(device), ...password(device)];
    if (device.key === 'hostdev') return displays.length === 0 ? shown(device) : [];
    return hasSpice ? [] : overSpice(device, view);
  });
}

function finding(at: XmlAttribute, code: string, message: string, fixes: Finding['fixes'] = []): Finding {
  return { ...valueRange(at), code, message, fixes, reference: 'formatdomain.html#graphical-framebuffers' };
}

function overSpice(device: XmlElement, { text, root }: DomainView): Finding[] {
  const type = attributeBelow(device, 'type');
  if (type === undefined) return [];
  const isChannel = OVER_SPICE.has(type.value);
  if (!isChannel && !(device.key === 'audio' && type.value === 'spice')) return [];
  return [
    finding(
      type,
      'no-spice',
      t('“{0}” goes over a SPICE display, and the domain has none; libvirt refuses that.', type.value),
      [addition(text, root, 'devices', "<graphics type='spice' autoport='yes'/>"), removal(text, device)],
    ),
  ];
}

function shown(device: XmlElement): Finding[] {
  const display = attributeBelow(device, 'display');
  if (display?.value !== 'on') return [];
  return [
    finding(
      display,
      'no-display',
      t('The device shows a picture, and the domain has no <graphics> to show it on.'),
    ),
  ];
}

function listens(device: XmlElement): Finding[] {
  const own = attributeBelow(device, 'listen');
  const first = elementBelow(device, 'listen');
  const address = attributeBelow(device, 'listen@address');
  if (own === undefined || first === undefined || address === undefined || own.value === address.value)
    return [];
  const edits = [{ start: own.valueStart, end: own.valueEnd, text: address.value }];
  return [
    {
      ...finding(
        own,
        'listen-twice',
        t(
          '“listen” says {0}, and the <listen> inside says {1}; libvirt refuses that.',
          own.value,
          address.value,
        ),
        [remedy(t('Change to “{0}”', address.value), edits)],
      ),
      related: valueRange(address),
    },
  ];
}

/** VNC's own passwords are short: it encrypts with DES. */
function password(device: XmlElement): Finding[] {
  const written = attributeBelow(device, 'passwd');
  const length = written?.value.length ?? 0;
  if (written === undefined || length <= 8 || valueBelow(device, 'type') !== 'vnc') return [];
  return [
    finding(written, 'vnc-password', t('VNC’s password has {0} characters; it can have 8 at most.', length)),
  ];
}
