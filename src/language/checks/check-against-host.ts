import {
  attributeOf,
  childElement,
  childElements,
  textOf,
  type TextRange,
  type XmlAttribute,
  type XmlElement,
} from '../xml/tree.ts';
import { valueRange } from './measure.ts';
import type { Finding } from './finding.ts';
import type { DomainMachine } from './domain-machine.ts';
import type { DomainCapabilities, HostOffer } from './host-offer.ts';

const MAX_LISTED = 6;

/** What a host does not have that a domain asks for, each with what it has instead. */
export function checkAgainstHost(
  root: XmlElement,
  host: string,
  facts: HostOffer,
  machine: DomainMachine,
  domain: DomainCapabilities | undefined,
): Finding[] {
  const devices = childElement(root, 'devices');
  const all = devices === undefined ? [] : childElements(devices);
  return [
    ...machineFindings(root, host, machine, facts),
    ...vcpuFindings(root, host, machine, domain),
    ...(domain === undefined ? [] : cpuFindings(root, host, domain)),
    ...all.flatMap((device) => resourceFindings(device, host, facts)),
    ...(domain === undefined ? [] : all.flatMap((device) => deviceFindings(device, host, domain))),
  ].toSorted((a, b) => a.start - b.start);
}

function finding(range: TextRange, code: string, message: string): Finding {
  return { start: range.start, end: range.end, code, message };
}

function listed(values: readonly string[]): string {
  const more = values.length - MAX_LISTED;
  const shown = values.slice(0, MAX_LISTED).join(', ');
  return values.length === 0 ? 'none' : more > 0 ? `${shown} and ${more} more` : shown;
}

function machineFindings(
  root: XmlElement,
  host: string,
  { arch, machine, virtType, guest }: DomainMachine,
  { guests }: HostOffer,
): Finding[] {
  if (guests.length === 0) return [];
  const os = childElement(root, 'os');
  const type = os && childElement(os, 'type');
  if (guest === undefined) {
    const attribute = type && attributeOf(type, 'arch');
    const has = listed(guests.map((each) => each.arch));
    return attribute === undefined
      ? []
      : [finding(valueRange(attribute), 'host-arch', `${host} cannot run ${arch ?? ''}; it has ${has}.`)];
  }
  const findings: Finding[] = [];
  const domainType = attributeOf(root, 'type');
  if (domainType !== undefined && virtType !== undefined && !guest.domainTypes.includes(virtType))
    findings.push(
      finding(
        valueRange(domainType),
        'host-type',
        `${host} cannot run ${guest.arch} domains of type ${virtType}; it has ${listed(guest.domainTypes)}.`,
      ),
    );
  const isKnown = guest.machines.some(({ name }) => name === machine?.value);
  if (machine !== undefined && guest.machines.length > 0 && !isKnown)
    findings.push(
      finding(
        valueRange(machine),
        'host-machine',
        `${host} has no machine “${machine.value}” for ${guest.arch}; it has ${listed(guest.machines.map(({ name }) => name))}.`,
      ),
    );
  return findings;
}

function vcpuFindings(
  root: XmlElement,
  host: string,
  { machine, guest }: DomainMachine,
  domain: DomainCapabilities | undefined,
): Finding[] {
  const vcpu = childElement(root, 'vcpu');
  if (vcpu?.endTag === undefined) return [];
  const own = guest?.machines.find(({ name }) => name === machine?.value)?.maxVcpus;
  const most = domain?.maxVcpus ?? own;
  const wanted = Number(textOf(vcpu));
  if (most === undefined || !(wanted > most)) return [];
  const what = machine === undefined ? 'this machine' : `the machine ${machine.value}`;
  return [
    finding(
      { start: vcpu.startTagEnd, end: vcpu.endTag.start },
      'host-vcpus',
      `On ${host}, ${what} takes ${most} vCPUs at most.`,
    ),
  ];
}

function cpuFindings(root: XmlElement, host: string, { cpuModels, cpuModes }: DomainCapabilities): Finding[] {
  const cpu = childElement(root, 'cpu');
  if (cpu === undefined) return [];
  const mode = attributeOf(cpu, 'mode');
  if (mode !== undefined && cpuModes.get(mode.value) === false) {
    const has = [...cpuModes].filter(([, supported]) => supported).map(([name]) => name);
    return [
      finding(
        valueRange(mode),
        'host-cpu-mode',
        `${host} has no CPU mode ${mode.value} here; it has ${listed(has)}.`,
      ),
    ];
  }
  const model = childElement(cpu, 'model');
  if (model?.endTag === undefined || cpuModels === undefined) return [];
  const name = textOf(model).trim();
  const range = { start: model.startTagEnd, end: model.endTag.start };
  const usable = cpuModels.get(name);
  if (name === '' || usable === true) return [];
  const others = [...cpuModels].filter(([, can]) => can).map(([other]) => other);
  const why =
    usable === undefined
      ? `does not know the CPU model “${name}”`
      : `lacks features of the CPU model ${name}`;
  return [finding(range, 'host-cpu-model', `${host} ${why}; it can run ${listed(others)}.`)];
}

function resourceFindings(device: XmlElement, host: string, facts: HostOffer): Finding[] {
  const source = childElement(device, 'source');
  if (source === undefined) return [];
  const value = (name: string) => attributeOf(source, name);
  if (device.key === 'interface') return networkFindings(value('network'), host, facts);
  if (device.key !== 'disk') return [];
  return [
    ...poolFindings(value('pool'), value('volume'), host, facts),
    ...fileFindings(value('file'), host, facts),
  ];
}

function networkFindings(
  network: XmlAttribute | undefined,
  host: string,
  { networks }: HostOffer,
): Finding[] {
  if (network === undefined || network.value === '') return [];
  const found = networks.find(({ name }) => name === network.value);
  if (found?.active === true) return [];
  const message =
    found === undefined
      ? `${host} has no network “${network.value}”; it has ${listed(networks.map(({ name }) => name))}.`
      : `The network “${network.value}” of ${host} is not active; the domain will not start.`;
  return [finding(valueRange(network), 'host-network', message)];
}

function poolFindings(
  pool: XmlAttribute | undefined,
  volume: XmlAttribute | undefined,
  host: string,
  { pools }: HostOffer,
): Finding[] {
  if (pool === undefined || pool.value === '') return [];
  const found = pools.find(({ name }) => name === pool.value);
  if (found === undefined)
    return [
      finding(
        valueRange(pool),
        'host-pool',
        `${host} has no storage pool “${pool.value}”; it has ${listed(pools.map(({ name }) => name))}.`,
      ),
    ];
  if (!found.active)
    return [
      finding(
        valueRange(pool),
        'host-pool',
        `The pool “${pool.value}” of ${host} is not active; the domain will not start.`,
      ),
    ];
  const isThere = volume === undefined || found.volumes?.some(({ name }) => name === volume.value) !== false;
  if (volume === undefined || isThere || volume.value === '') return [];
  const has = listed((found.volumes ?? []).map(({ name }) => name));
  return [
    finding(
      valueRange(volume),
      'host-volume',
      `The pool “${pool.value}” has no volume “${volume.value}”; it has ${has}.`,
    ),
  ];
}

/** A file is only missed where a pool tells what is in its folder. */
function fileFindings(file: XmlAttribute | undefined, host: string, { pools }: HostOffer): Finding[] {
  if (file === undefined) return [];
  const folder = file.value.slice(0, file.value.lastIndexOf('/'));
  const pool = pools.find((each) => each.folder !== undefined && each.folder.replace(/\/$/, '') === folder);
  if (pool?.volumes === undefined || pool.volumes.some(({ path }) => path === file.value)) return [];
  const name = file.value.slice(folder.length + 1);
  return [
    finding(
      valueRange(file),
      'host-file',
      `There is no file “${name}” in the pool “${pool.name}” (${folder}) of ${host}.`,
    ),
  ];
}

/** Which attribute of a device an enum of the domain capabilities speaks of. */
const ENUMS: Readonly<
  Record<string, readonly (readonly [name: string, child: string | undefined, attribute: string])[]>
> = {
  disk: [
    ['diskDevice', undefined, 'device'],
    ['bus', 'target', 'bus'],
    ['model', undefined, 'model'],
  ],
  graphics: [['type', undefined, 'type']],
  video: [['modelType', 'model', 'type']],
  hostdev: [
    ['mode', undefined, 'mode'],
    ['subsysType', undefined, 'type'],
  ],
  rng: [
    ['model', undefined, 'model'],
    ['backendModel', 'backend', 'model'],
  ],
  filesystem: [['driverType', 'driver', 'type']],
  tpm: [
    ['model', undefined, 'model'],
    ['backendModel', 'backend', 'type'],
    ['backendVersion', 'backend', 'version'],
  ],
  redirdev: [['bus', undefined, 'bus']],
};

function deviceFindings(
  device: XmlElement,
  host: string,
  { enums, unsupported }: DomainCapabilities,
): Finding[] {
  if (unsupported.has(device.key))
    return [
      finding(
        { start: device.nameStart, end: device.nameEnd },
        'host-device',
        `${host} has no <${device.key}> devices for this machine and type of domain.`,
      ),
    ];
  return (ENUMS[device.key] ?? []).flatMap(([name, child, attributeName]) => {
    const values = enums.get(`${device.key}/${name}`);
    const element = child === undefined ? device : childElement(device, child);
    const attribute = element && attributeOf(element, attributeName);
    if (
      values === undefined ||
      values.length === 0 ||
      attribute === undefined ||
      values.includes(attribute.value)
    )
      return [];
    return [
      finding(
        valueRange(attribute),
        'host-device',
        `${host} has no <${device.key}> with ${attributeName} “${attribute.value}” here; it has ${listed(values)}.`,
      ),
    ];
  });
}
