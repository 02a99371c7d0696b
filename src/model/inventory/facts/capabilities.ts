import type { Connection } from '../../../client/libvirt/connect.ts';
import { child, children, parseXml, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';
import type { GuestCapabilities, MachineType } from '../../../language/checks/host-offer.ts';

const known = new WeakMap<Connection, Promise<readonly GuestCapabilities[]>>();

/**
 * `virConnectGetCapabilities`, as far as guests go: the host's own architecture first. Asked for once in a
 * connection's life, by whoever comes first. @throws LibvirtError; then the next one asks again.
 */
export function guestCapabilities(connection: Connection): Promise<readonly GuestCapabilities[]> {
  const found = known.get(connection);
  if (found !== undefined) return found;
  const asked = connection.capabilities().then(readGuestCapabilities);
  known.set(connection, asked);
  asked.catch(() => known.delete(connection));
  return asked;
}

/** What the XML of a host's capabilities says of its guests, the host's own architecture first. */
export function readGuestCapabilities(xml: string): readonly GuestCapabilities[] {
  const capabilities = child(parseXml(xml), 'capabilities');
  const native = text(child(child(capabilities, 'host'), 'cpu'), 'arch')?.trim();
  const guests = children(capabilities, 'guest').flatMap((guest) => children(guest, 'arch').map(readGuest));
  return guests.toSorted((a, b) => Number(b.arch === native) - Number(a.arch === native));
}

function readGuest(arch: XmlObject): GuestCapabilities {
  const domains = children(arch, 'domain');
  return {
    arch: text(arch, '@name') ?? '',
    emulator: text(arch, 'emulator')?.trim(),
    domainTypes: domains.map((domain) => text(domain, '@type') ?? ''),
    // A domain type can have machines of its own.
    machines: [arch, ...domains].flatMap((around) => children(around, 'machine').map(readMachine)),
  };
}

function readMachine(machine: XmlObject): MachineType {
  return {
    name: text(machine, '#text')?.trim() ?? '',
    canonical: text(machine, '@canonical'),
    maxVcpus: numberIn(machine, '@maxCpus'),
  };
}

function numberIn(element: XmlObject, name: string): number | undefined {
  const value = Number(text(element, name));
  return Number.isFinite(value) ? value : undefined;
}
