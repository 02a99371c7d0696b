import type { Connection } from '../../../client/libvirt/connect.ts';
import { child, children, parseXml, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';
import type { DomainCapabilities, MachineQuery } from '../../../language/checks/host-offer.ts';

const known = new WeakMap<Connection, Map<string, Promise<DomainCapabilities>>>();

/**
 * `virConnectGetDomainCapabilities` of one machine. Asked for once in a connection's life, by whoever comes first.
 * @throws LibvirtError where the host has no such machine; then the next one asks again
 */
export function domainCapabilities(connection: Connection, query: MachineQuery): Promise<DomainCapabilities> {
  let machines = known.get(connection);
  if (machines === undefined) known.set(connection, (machines = new Map()));
  const { emulator, arch, machine, virtType } = query;
  const key = JSON.stringify([emulator, arch, machine, virtType]);
  const found = machines.get(key);
  if (found !== undefined) return found;
  const asked = connection.host.domainCapabilities(query).then(readDomainCapabilities);
  machines.set(key, asked);
  asked.catch(() => machines.delete(key));
  return asked;
}

/** What the XML of domain capabilities says. */
export function readDomainCapabilities(xml: string): DomainCapabilities {
  const capabilities = child(parseXml(xml), 'domainCapabilities');
  const os = child(capabilities, 'os');
  const loader = child(os, 'loader');
  const modes = children(child(capabilities, 'cpu'), 'mode');
  const custom = modes.find((mode) => text(mode, '@name') === 'custom') ?? {};
  const models = children(custom, 'model');
  const devices = Object.keys(child(capabilities, 'devices'))
    .filter((key) => !/^[@#]/.test(key))
    .map((key) => [key, child(child(capabilities, 'devices'), key)] as const);
  const maxVcpus = Number(text(child(capabilities, 'vcpu'), '@max'));
  return {
    maxVcpus: maxVcpus > 0 ? maxVcpus : undefined,
    firmware: valuesIn(children(os, 'enum').find((each) => text(each, '@name') === 'firmware') ?? {}),
    loaders: valuesIn(loader),
    cpuModels:
      models.length === 0
        ? undefined
        : new Map(
            models.map((model) => [text(model, '#text')?.trim() ?? '', text(model, '@usable') !== 'no']),
          ),
    cpuModes: new Map(modes.map((mode) => [text(mode, '@name') ?? '', text(mode, '@supported') === 'yes'])),
    enums: new Map([
      ...enumsOf('loader', loader),
      ...devices.flatMap(([key, device]) => enumsOf(key, device)),
    ]),
    unsupported: new Set(
      devices.flatMap(([key, device]) => (text(device, '@supported') === 'no' ? [key] : [])),
    ),
  };
}

function enumsOf(key: string, element: XmlObject): readonly (readonly [string, readonly string[]])[] {
  return children(element, 'enum').map((each) => [`${key}/${text(each, '@name') ?? ''}`, valuesIn(each)]);
}

function valuesIn(element: XmlObject): readonly string[] {
  return children(element, 'value').flatMap((value) => text(value, '#text')?.trim() ?? []);
}
