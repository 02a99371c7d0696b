import { child, parseXml, text } from '../../../client/libvirt/xml-object.ts';
import type { DeviceOffer } from '../../../language/checks/host-offer.ts';

/** What the XML of a device says of it in a few words. @throws Error when it is no XML. */
export function readDeviceDetails(name: string, xml: string): DeviceOffer {
  const capability = child(child(parseXml(xml), 'device'), 'capability');
  const part = (key: string) => text(capability, key)?.trim() ?? '';
  const id = (key: string) => text(child(capability, key), '@id') ?? '';
  const label = [part('vendor'), part('product')].filter((each) => each !== '').join(' ') || name;
  switch (text(capability, '@type')) {
    case 'usb_device':
      return { label, usb: { vendor: id('vendor'), product: id('product') } };
    case 'pci': {
      const hex = (key: string, digits: number) =>
        `0x${Number(part(key)).toString(16).padStart(digits, '0')}`;
      return {
        label,
        pci: {
          domain: hex('domain', 4),
          bus: hex('bus', 2),
          slot: hex('slot', 2),
          function: hex('function', 1),
        },
      };
    }
    default:
      return { label };
  }
}
