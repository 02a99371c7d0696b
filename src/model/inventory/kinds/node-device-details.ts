import { child, parseXml, text } from '../../../client/libvirt/xml-object.ts';

export interface NodeDeviceDetails {
  /** For a person: the maker and what it is; libvirt's name of it where nobody says. */
  readonly label: string;
  /** Where it is on the host's PCI buses, in hexadecimal with 0x as domains have it. */
  readonly pci?: {
    readonly domain: string;
    readonly bus: string;
    readonly slot: string;
    readonly function: string;
  };
  /** Its ids, in hexadecimal with 0x. */
  readonly usb?: { readonly vendor: string; readonly product: string };
}

/** What the XML of a device says of it in a few words. @throws Error when it is no XML. */
export function readDeviceDetails(name: string, xml: string): NodeDeviceDetails {
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
