import { t } from '@vscode/l10n';
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
import { OfferIndex } from './offer-index.ts';

const MAX_LISTED = 6;

/** What a domain asks for and the host does not have, each with what it has instead. */
export function checkAgainstHost(
  root: XmlElement,
  host: string,
  facts: HostOffer,
  machine: DomainMachine,
  domain: DomainCapabilities | undefined,
): Finding[] {
  const devices = childElement(root, 'devices');
  const all = devices === undefined ? [] : childElements(devices);
  const index = new OfferIndex(facts);
  return [
    ...machineFindings(root, host, machine, facts),
    ...vcpuFindings(root, host, machine, domain),
    ...(domain === undefined ? [] : cpuFindings(root, host, domain)),
    ...all.flatMap((device) => resourceFindings(device, host, index)),
    ...(domain === undefined ? [] : all.flatMap((device) => deviceFindings(device, host, domain))),
  ].toSorted((a, b) => a.start - b.start);
}

/** `instead` is what the host has of the kind. */
function finding(range: TextRange, code: string, sentence: string, instead: readonly string[] = []): Finding {
  const message = instead.length === 0 ? sentence : `${sentence} ${available(instead)}`;
  return { start: range.start, end: range.end, code, message };
}

function available(values: readonly string[]): string {
  const shown = values.slice(0, MAX_LISTED).join(', ');
  const more = values.length - MAX_LISTED;
  if (more > 0) return t('Available: {0} and {1} more.', shown, more);
  return values.length === 1 ? t('Only {0} is available.', shown) : t('Available: {0}.', shown);
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
    if (attribute === undefined) return [];
    const sentence = t('{0} cannot run {1} domains.', host, arch ?? attribute.value);
    const others = guests.map((each) => each.arch);
    return [finding(valueRange(attribute), 'host-arch', sentence, others)];
  }
  const findings: Finding[] = [];
  const domainType = attributeOf(root, 'type');
  if (domainType !== undefined && virtType !== undefined && !guest.domainTypes.includes(virtType))
    findings.push(
      finding(
        valueRange(domainType),
        'host-type',
        t('{0} cannot run {1} domains of type {2}.', host, guest.arch, virtType),
        guest.domainTypes,
      ),
    );
  const isKnown = guest.machines.some(({ name }) => name === machine?.value);
  if (machine !== undefined && guest.machines.length > 0 && !isKnown)
    findings.push(
      finding(
        valueRange(machine),
        'host-machine',
        t('{0} has no machine “{1}” for {2}.', host, machine.value, guest.arch),
        guest.machines.map(({ name }) => name),
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
  const sentence =
    machine === undefined
      ? t('The vCPU limit of this machine on {0} is {1}.', host, most)
      : t('The vCPU limit of the machine {0} on {1} is {2}.', machine.value, host, most);
  return [finding({ start: vcpu.startTagEnd, end: vcpu.endTag.start }, 'host-vcpus', sentence)];
}

function cpuFindings(root: XmlElement, host: string, { cpuModels, cpuModes }: DomainCapabilities): Finding[] {
  const cpu = childElement(root, 'cpu');
  if (cpu === undefined) return [];
  const mode = attributeOf(cpu, 'mode');
  if (mode !== undefined && cpuModes.get(mode.value) === false) {
    const has = [...cpuModes].filter(([, supported]) => supported).map(([name]) => name);
    const sentence = t('{0} does not support the CPU mode {1} here.', host, mode.value);
    return [finding(valueRange(mode), 'host-cpu-mode', sentence, has)];
  }
  const model = childElement(cpu, 'model');
  if (model?.endTag === undefined || cpuModels === undefined) return [];
  const name = textOf(model).trim();
  const range = { start: model.startTagEnd, end: model.endTag.start };
  const usable = cpuModels.get(name);
  if (name === '' || usable === true) return [];
  const others = [...cpuModels].filter(([, can]) => can).map(([other]) => other);
  const sentence =
    usable === undefined
      ? t('{0} does not know the CPU model “{1}”.', host, name)
      : t('{0} lacks features of the CPU model {1}.', host, name);
  return [finding(range, 'host-cpu-model', sentence, others)];
}

function resourceFindings(device: XmlElement, host: string, index: OfferIndex): Finding[] {
  const source = childElement(device, 'source');
  if (source === undefined) return [];
  const value = (name: string) => attributeOf(source, name);
  if (device.key === 'interface') return networkFindings(value('network'), host, index);
  if (device.key !== 'disk') return [];
  return [
    ...poolFindings(value('pool'), value('volume'), host, index),
    ...fileFindings(value('file'), host, index),
  ];
}

function networkFindings(network: XmlAttribute | undefined, host: string, index: OfferIndex): Finding[] {
  if (network === undefined || network.value === '') return [];
  const found = index.network(network.value);
  if (found?.active === true) return [];
  if (found === undefined) {
    const names = index.networkNames;
    const sentence =
      names.length === 0
        ? t('{0} has no networks.', host)
        : t('{0} has no network “{1}”.', host, network.value);
    return [finding(valueRange(network), 'host-network', sentence, names)];
  }
  const sentence = t(
    'The network “{0}” on {1} is not active: the domain would not start.',
    network.value,
    host,
  );
  return [finding(valueRange(network), 'host-network', sentence)];
}

function poolFindings(
  pool: XmlAttribute | undefined,
  volume: XmlAttribute | undefined,
  host: string,
  index: OfferIndex,
): Finding[] {
  if (pool === undefined || pool.value === '') return [];
  const found = index.pool(pool.value);
  if (found === undefined) {
    const names = index.poolNames;
    const sentence =
      names.length === 0
        ? t('{0} has no storage pools.', host)
        : t('{0} has no storage pool “{1}”.', host, pool.value);
    return [finding(valueRange(pool), 'host-pool', sentence, names)];
  }
  if (!found.offer.active) {
    const sentence = t(
      'The storage pool “{0}” on {1} is not active: the domain would not start.',
      pool.value,
      host,
    );
    return [finding(valueRange(pool), 'host-pool', sentence)];
  }
  if (volume === undefined || volume.value === '' || found.offer.volumes === undefined) return [];
  if (found.volume(volume.value) !== undefined) return [];
  const names = found.volumeNames;
  const sentence =
    names.length === 0
      ? t('The storage pool “{0}” has no volumes.', pool.value)
      : t('The storage pool “{0}” has no volume “{1}”.', pool.value, volume.value);
  return [finding(valueRange(volume), 'host-volume', sentence, names)];
}

/** A file is only missed where a pool tells what is in its folder. */
function fileFindings(file: XmlAttribute | undefined, host: string, index: OfferIndex): Finding[] {
  if (file === undefined) return [];
  const folder = file.value.slice(0, file.value.lastIndexOf('/'));
  const pool = index.poolIn(folder);
  if (pool?.offer.volumes === undefined || pool.hasFile(file.value)) return [];
  const name = file.value.slice(folder.length + 1);
  return [
    finding(
      valueRange(file),
      'host-file',
      t(
        'There is no file “{0}” in the storage pool “{1}” ({2}) on {3}.',
        name,
        pool.offer.name,
        folder,
        host,
      ),
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
        t('{0} has no <{1}> devices for this machine and type of domain.', host, device.key),
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
        t(
          '{0} has no <{1}> with {2} “{3}” for this machine.',
          host,
          device.key,
          attributeName,
          attribute.value,
        ),
        values,
      ),
    ];
  });
}
