import { t } from '@vscode/l10n';
import { setAttribute } from '../xml/edit.ts';
import { attributeBelow, elementBelow, valueBelow } from '../xml/find.ts';
import { attributeOf, childElement, childElements, type XmlElement } from '../xml/tree.ts';
import type { DomainView } from './domain-view.ts';
import type { Finding } from './finding.ts';
import { nameRange, valueRange } from './measure.ts';
import { addition, remedy } from './remedy.ts';

/** Devices that another program serves from the guest's own memory, which must be shared with it. */
export function checkSharedMemory(view: DomainView): Finding[] {
  const served = view.devices.flatMap((device) => {
    const what = servedBy(device);
    return what === undefined ? [] : [{ device, what }];
  });
  if (served.length === 0) return [];
  const access = attributeBelow(view.root, 'memoryBacking/access@mode');
  const isShared = access?.value === 'shared';
  const cells = elementBelow(view.root, 'cpu/numa');
  const modes =
    cells === undefined ? [] : childElements(cells).map((cell) => attributeOf(cell, 'memAccess')?.value);
  const isEnough =
    modes.length === 0
      ? isShared
      : modes.every((mode) => mode === 'shared' || (mode === undefined && isShared));
  if (isEnough) return [];
  const isCells = modes.includes('private') || (modes.length > 0 && isShared);
  return served.map(({ device, what }) => ({
    ...(what.range ?? nameRange(device)),
    code: 'unshared-memory',
    message: t(
      "{0} needs shared memory: libvirt refuses it without <access mode='shared'/> in <memoryBacking>.",
      what.name,
    ),
    reference: 'kbase/virtiofs.html#sharing-a-host-directory-with-a-guest',
    ...(isCells ? {} : { fixes: [share(view)] }),
  }));
}

function servedBy(
  device: XmlElement,
): { readonly name: string; readonly range?: ReturnType<typeof valueRange> } | undefined {
  const driver = attributeBelow(device, 'driver@type');
  if (device.key === 'filesystem' && driver?.value === 'virtiofs')
    return { name: 'virtiofs', range: valueRange(driver) };
  return device.key === 'disk' && valueBelow(device, 'type') === 'vhostuser'
    ? { name: t('A disk of the type “{0}”', 'vhostuser') }
    : undefined;
}

function share({ root, text }: DomainView) {
  const backing = childElement(root, 'memoryBacking');
  const access = backing && childElement(backing, 'access');
  if (access !== undefined)
    return remedy(t('Share the memory'), setAttribute(access, 'mode', 'shared'), true);
  // An anonymous memory cannot be shared; a memfd needs no folder of the host.
  const source = backing && childElement(backing, 'source');
  const hasFile = backing !== undefined && (source ?? childElement(backing, 'hugepages')) !== undefined;
  const child = hasFile ? "<access mode='shared'/>" : "<source type='memfd'/>\n  <access mode='shared'/>";
  const { edits } = addition(text, root, 'memoryBacking', backing === undefined ? child : outdent(child));
  return remedy(t('Share the memory'), edits, true);
}

function outdent(lines: string): string {
  return lines.replaceAll('\n  ', '\n');
}
