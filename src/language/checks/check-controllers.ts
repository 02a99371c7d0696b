import { t } from '@vscode/l10n';
import {
  attributeOf,
  childElement,
  type TextRange,
  type XmlAttribute,
  type XmlElement,
} from '../xml/tree.ts';
import type { Finding } from './finding.ts';
import { valueRange } from './measure.ts';

/** Other drivers have rules of their own. */
const QEMU = new Set(['qemu', 'kvm', 'hvf']);

/**
 * Devices on a controller that nothing provides. libvirt adds SATA, SCSI and virtio-serial controllers by itself, as
 * many as addresses name, but no USB controller besides the first, and QEMU has one IDE and one floppy controller.
 */
export function checkControllers(root: XmlElement, devices: readonly XmlElement[]): Finding[] {
  if (!QEMU.has(attributeOf(root, 'type')?.value ?? '')) return [];
  const usb = usbControllers(devices);
  return devices.flatMap((device) => [...usbFindings(device, usb), ...driveFindings(device)]);
}

interface UsbControllers {
  readonly count: number;
  /** One that says that there is no USB. */
  readonly none: XmlElement | undefined;
  /** Undefined when one has an index that libvirt chooses. */
  readonly indexes: ReadonlySet<number> | undefined;
}

function usbControllers(devices: readonly XmlElement[]): UsbControllers {
  const all = devices.filter((each) => each.key === 'controller' && typeOf(each) === 'usb');
  const indexes = all.map((each) => attributeOf(each, 'index')?.value);
  return {
    count: all.length,
    none: all.find((each) => attributeOf(each, 'model')?.value === 'none'),
    indexes: indexes.includes(undefined) ? undefined : new Set(indexes.map(Number)),
  };
}

function typeOf(device: XmlElement): string | undefined {
  return attributeOf(device, 'type')?.value;
}

function usbFindings(device: XmlElement, { count, none, indexes }: UsbControllers): Finding[] {
  if (device.key === 'controller') return [];
  const bus = usbBusOf(device);
  if (none !== undefined)
    return bus === undefined
      ? []
      : [finding(bus.range, t('USB is switched off: a controller has the model “none”.'), none)];
  const { attribute } = bus ?? {};
  if (attribute === undefined || indexes === undefined) return [];
  const index = Number(attribute.value);
  if (indexes.has(index) || Number.isNaN(index) || (index === 0 && count === 0)) return [];
  return [
    finding(valueRange(attribute), t('No USB controller has the index {0}; libvirt refuses that.', index)),
  ];
}

/** What says that a device is on USB, and, where it is written, the attribute that says on which bus. */
function usbBusOf(
  device: XmlElement,
): { readonly range: TextRange; readonly attribute?: XmlAttribute } | undefined {
  const address = childElement(device, 'address');
  if (address !== undefined && typeOf(address) === 'usb') {
    const attribute = attributeOf(address, 'bus');
    return { range: address, ...(attribute && { attribute }) };
  }
  const target = device.key === 'disk' ? childElement(device, 'target') : device;
  const bus = target && attributeOf(target, 'bus');
  return bus?.value === 'usb' ? { range: valueRange(bus) } : undefined;
}

function driveFindings(device: XmlElement): Finding[] {
  const address = device.key === 'disk' ? childElement(device, 'address') : undefined;
  const target = childElement(device, 'target');
  const bus = target && attributeOf(target, 'bus')?.value;
  const controller = address && typeOf(address) === 'drive' ? attributeOf(address, 'controller') : undefined;
  if (controller === undefined || (bus !== 'ide' && bus !== 'fdc') || !(Number(controller.value) > 0))
    return [];
  const message =
    bus === 'ide'
      ? t('QEMU has only one IDE controller, with the index 0.')
      : t('QEMU has only one floppy controller, with the index 0.');
  return [finding(valueRange(controller), message)];
}

function finding({ start, end }: TextRange, message: string, related?: TextRange): Finding {
  return { start, end, code: 'no-controller', message, ...(related && { related }) };
}
