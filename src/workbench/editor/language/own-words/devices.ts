import { t } from '@vscode/l10n';
import type { WordsByPlace } from './words.ts';

/** An address on a bus; which attributes there are depends on its type. */
export const ADDRESSES: WordsByPlace = {
  address: () =>
    t('Where the guest sees the device. libvirt fills it in and keeps it, so that it stays the same.'),
  'address@type': () =>
    t('The kind of bus: `pci`, `drive`, `usb`, `virtio-serial`, `ccw`, `spapr-vio`, `isa`, `dimm`.'),
  'address@domain': () => ({ text: t('The PCI domain, which is 0 on most machines.'), default: '0x0000' }),
  'address@bus': () =>
    t(
      'The bus: for PCI the `index` of a PCI controller, for USB the `index` of a USB controller, for a drive the bus of its controller.',
    ),
  'address@slot': () =>
    t('The slot of the PCI bus, 0x00 to 0x1f; for a memory device the slot it is plugged into.'),
  'address@function': () => t('The function of the PCI slot, 0x0 to 0x7: several devices can share a slot.'),
  'address@multifunction': () =>
    t(
      '`on` for function 0 of a PCI slot whose other functions are also used. Without it the guest does not look for them.',
    ),
  'address@controller': () => t('The `index` of the controller that the device is attached to.'),
  'address@target': () => t('The SCSI target on the bus of its controller.'),
  'address@unit': () =>
    t('The unit: the LUN of a SCSI disk, or the place on an IDE, SATA or floppy controller.'),
  'address@port': () =>
    t('The port of the bus; behind USB hubs the ports on the way, with dots between them, such as `1.2`.'),
  'address@cssid': () => t('The channel subsystem of an s390 guest; virtio devices have `0xfe`.'),
  'address@ssid': () => t('The subchannel set of an s390 guest, 0 to 3.'),
  'address@devno': () => t('The number of the device in an s390 guest. It must be unique.'),
  'address@reg': () => t('The register at which a PowerPC guest finds the device.'),
  'address@iobase': () => t('The I/O port at which the ISA device answers.'),
  'address@irq': () => t('The interrupt of the ISA device.'),
  'address@base': () => t('The physical address of the memory in the guest.'),
  'address/zpci': () => t('How an s390 guest sees the PCI device.'),
  'zpci@uid': () => t('The number of the PCI device in an s390 guest. It must be unique.'),
  'zpci@fid': () => t('The function’s number in an s390 guest.'),
  'source/address@uuid': () => t('The UUID of the mediated device on the host.'),
};

/** Character devices: what is behind serial ports, consoles, channels. */
export const CHARACTER_DEVICES: WordsByPlace = {
  'serial@type': () =>
    t(
      'What the port is connected to on the host: `pty` (a terminal, which consoles open), `unix`, `tcp`, `udp`, `file`, `dev`, `null`…',
    ),
  'console@type': () =>
    t(
      'What the console is connected to on the host: `pty` (a terminal, which consoles open), `unix`, `tcp`, `file`, `null`…',
    ),
  'channel@type': () =>
    t(
      'What the channel is connected to on the host: `unix` for the guest agent, `spicevmc` for SPICE, `pty`…',
    ),
  'parallel@type': () => t('What the port is connected to on the host: `pty`, `dev`, `file`, `unix`, `tcp`…'),
  'serial/target@port': () => t('The number of the port in the guest: 0 is the first.'),
  'console/target@port': () => t('The number of the console in the guest: 0 is the first.'),
  'serial/target@type': () =>
    t('The bus of the port: `isa-serial`, `pci-serial`, `usb-serial`, `system-serial`…'),
  'serial/target/model@name': () => t('The hardware that the guest sees, such as `isa-serial` or `pl011`.'),
  'channel/target@name': () =>
    t(
      'The name of the channel in the guest, below /dev/virtio-ports. The guest agent listens on `org.qemu.guest_agent.0`.',
    ),
  'source@mode': () => t('`bind` listens on the host; `connect` connects to a program that listens.'),
  'serial/source@path': () => t('The terminal, file or socket on the host.'),
  'console/source@path': () => t('The terminal, file or socket on the host.'),
  'channel/source@path': () => t('The socket or file on the host. libvirt chooses one when it is left out.'),
  'source@service': () => t('The port, by its number or name.'),
  'serial/source@host': () => t('The host to connect to, or the address to listen on.'),
  'console/source@host': () => t('The host to connect to, or the address to listen on.'),
  'channel/source@host': () => t('The host to connect to, or the address to listen on.'),
  'serial/protocol': () => t('What is spoken over a `tcp` connection.'),
  'protocol@type': () => t('`raw` sends the bytes as they are, `telnet` wraps them, `tls` encrypts them.'),
};

/** An address of a PCI device of the host, not of a guest, in documents of a kind. */
export function hostAddress(kind: string): WordsByPlace {
  return {
    [`${kind}:address`]: () => t('A PCI device of the host.'),
    [`${kind}:address@type`]: () => t('The kind of address: `pci`.'),
    [`${kind}:address@domain`]: () => t('The domain of the host’s PCI device.'),
    [`${kind}:address@bus`]: () => t('The bus of the host’s PCI device.'),
    [`${kind}:address@slot`]: () => t('The slot of the host’s PCI device.'),
    [`${kind}:address@function`]: () => t('The function of the host’s PCI device.'),
  };
}
