import { t } from '@vscode/l10n';
import { attributeBelow, elementBelow, valueBelow } from '../xml/find.ts';
import type { TextRange, XmlElement } from '../xml/tree.ts';
import type { DomainView } from './domain-view.ts';
import type { Finding } from './finding.ts';
import { nameRange, valueRange } from './measure.ts';
import { removal } from './remedy.ts';

/** Devices of which a domain has one at most. */
const SINGLE: ReadonlySet<string> = new Set(['memballoon', 'vsock', 'nvram']);
/** Of the IOMMUs, those that all devices of a machine share. */
const SHARED_IOMMUS: ReadonlySet<string> = new Set(['intel', 'virtio']);

export function checkSingles(view: DomainView): Finding[] {
  const first = new Map<string, XmlElement>();
  const findings: Finding[] = [];
  for (const device of view.devices) {
    const key = singleKind(device);
    if (key === undefined) continue;
    const other = first.get(key.kind);
    if (other === undefined) first.set(key.kind, device);
    else
      findings.push({
        ...key.at,
        code: 'second-device',
        message: key.message(),
        related: nameRange(other),
        fixes: [removal(view.text, device)],
      });
  }
  return [...findings, ...noneAmongOthers(view)];
}

function singleKind(
  device: XmlElement,
): { readonly kind: string; readonly at: TextRange; readonly message: () => string } | undefined {
  const isIommu = device.key === 'iommu' && SHARED_IOMMUS.has(valueBelow(device, 'model') ?? '');
  if (isIommu || SINGLE.has(device.key))
    return {
      kind: device.key,
      at: nameRange(device),
      message: () => t('A domain has one <{0}> at most; libvirt refuses a second one.', device.key),
    };
  const primary = device.key === 'video' ? attributeBelow(device, 'model@primary') : undefined;
  return primary?.value === 'yes'
    ? {
        kind: 'video',
        at: valueRange(primary),
        message: () => t('Two video devices are primary; libvirt refuses that.'),
      }
    : undefined;
}

function noneAmongOthers({ devices }: DomainView): Finding[] {
  const videos = devices.filter(({ key }) => key === 'video');
  const none = videos.find((each) => valueBelow(each, 'model@type') === 'none');
  const at = none && elementBelow(none, 'model');
  if (at === undefined || videos.length < 2) return [];
  const message = t('A video device of the type “none” says that there is no other; libvirt refuses both.');
  return [{ ...nameRange(at), code: 'no-video', message }];
}
