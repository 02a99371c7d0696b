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
  const usb = devices.filter((each) => each.key === 'controller' && typeOf(each) === 'usb');
  return devices.flatMap((device) => [...usbFindings(device, usb), ...driveFindings(device)]);
}

function typeOf(device: XmlElement): string | undefined {
  return attributeOf(device, 'type')?.value;
}

function usbFindings(device: XmlElement, controllers: readonly XmlElement[]): Finding[] {
  if (device.key === 'controller') return [];
  const none = controllers.find((each) => attributeOf(each, 'model')?.value === 'none');
  const bus = usbBusOf(device);
  if (none !== undefined)
    return bus === undefined
      ? []
      : [finding(bus.range, t('USB is switched off: a controller has the model “none”.'), none)];
  const { attribute } = bus ?? {};
  // A controller without an index has one that libvirt chooses.
  if (attribute === undefined || controllers.some((each) => attributeOf(each, 'index') === undefined))
    return [];
  const index = Number(attribute.value);
  const isThere = controllers.some((each) => Number(attributeOf(each, 'index')?.value) === index);
  if (isThere || Number.isNaN(index) || (index === 0 && controllers.length === 0)) return [];
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
