import { parseDocument } from '../../../../language/xml/parse.ts';
import {
  attributeOf,
  childElement,
  childElements,
  textOf,
  type XmlElement,
} from '../../../../language/xml/tree.ts';

export interface MachineFacts {
  readonly name: string;
  /** The machine that an alias such as `q35` stands for. */
  readonly canonical: string | undefined;
  readonly maxVcpus: number | undefined;
}

/** What the host's capabilities say of one architecture. */
export interface GuestFacts {
  readonly arch: string;
  readonly emulator: string | undefined;
  /** Such as `kvm` and `qemu`. */
  readonly domainTypes: readonly string[];
  readonly machines: readonly MachineFacts[];
}

/** The host's own architecture first: a domain that names none gets that one. */
export function readGuests(capabilities: string): GuestFacts[] {
  const { root } = parseDocument(capabilities);
  if (root === undefined) return [];
  const host = childElement(root, 'host');
  const cpu = host && childElement(host, 'cpu');
  const own = cpu && childElement(cpu, 'arch');
  const native = own && textOf(own).trim();
  const guests = childElements(root)
    .filter(({ key }) => key === 'guest')
    .flatMap((guest) => {
      const arch = childElement(guest, 'arch');
      return arch === undefined ? [] : [readGuest(arch)];
    });
  return guests.toSorted((a, b) => Number(b.arch === native) - Number(a.arch === native));
}

function readGuest(arch: XmlElement): GuestFacts {
  const children = childElements(arch);
  const emulator = childElement(arch, 'emulator');
  const domains = children.filter(({ key }) => key === 'domain');
  // A domain type can have machines of its own.
  const machines = [arch, ...domains].flatMap((around) =>
    childElements(around).filter(({ key }) => key === 'machine'),
  );
  return {
    arch: attributeOf(arch, 'name')?.value ?? '',
    emulator: emulator && textOf(emulator).trim(),
    domainTypes: domains.map((each) => attributeOf(each, 'type')?.value ?? ''),
    machines: machines.map((machine) => {
      const max = Number(attributeOf(machine, 'maxCpus')?.value);
      return {
        name: textOf(machine).trim(),
        canonical: attributeOf(machine, 'canonical')?.value,
        maxVcpus: Number.isFinite(max) ? max : undefined,
      };
    }),
  };
}

/** What the host's domain capabilities say of one machine. */
export interface DomainFacts {
  readonly maxVcpus: number | undefined;
  readonly firmware: readonly string[];
  readonly loaders: readonly string[];
  /** Usable and known CPU models; undefined when the host does not say. */
  readonly cpuModels: ReadonlyMap<string, boolean> | undefined;
  /** Modes of `<cpu>` and whether the host has them. */
  readonly cpuModes: ReadonlyMap<string, boolean>;
  /** By device and enum, as `disk/bus`: what the host has. A device that it lacks has an empty `supported`. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
  readonly unsupported: ReadonlySet<string>;
}

export function readDomainFacts(capabilities: string): DomainFacts {
  const { root } = parseDocument(capabilities);
  const at = (...path: string[]): XmlElement | undefined => {
    let found = root;
    for (const key of path) found = found && childElement(found, key);
    return found;
  };
  const vcpu = at('vcpu');
  const max = Number(vcpu && attributeOf(vcpu, 'max')?.value);
  const os = at('os');
  const loader = at('os', 'loader');
  const modes = childElements(at('cpu') ?? EMPTY).filter(({ key }) => key === 'mode');
  const custom = modes.find((mode) => attributeOf(mode, 'name')?.value === 'custom');
  const models = custom && childElements(custom).filter(({ key }) => key === 'model');
  const devices = childElements(at('devices') ?? EMPTY);
  return {
    maxVcpus: Number.isFinite(max) && max > 0 ? max : undefined,
    firmware: os === undefined ? [] : enumOf(os, 'firmware'),
    loaders: loader === undefined ? [] : valuesIn(loader),
    cpuModels:
      models === undefined || models.length === 0
        ? undefined
        : new Map(
            models.map((model) => [textOf(model).trim(), attributeOf(model, 'usable')?.value !== 'no']),
          ),
    cpuModes: new Map(
      modes.map((mode) => [
        attributeOf(mode, 'name')?.value ?? '',
        attributeOf(mode, 'supported')?.value === 'yes',
      ]),
    ),
    enums: new Map(
      devices.flatMap((device) =>
        childElements(device)
          .filter(({ key }) => key === 'enum')
          .map(
            (each) => [`${device.key}/${attributeOf(each, 'name')?.value ?? ''}`, valuesIn(each)] as const,
          ),
      ),
    ),
    unsupported: new Set(
      devices.filter((device) => attributeOf(device, 'supported')?.value === 'no').map(({ key }) => key),
    ),
  };
}

const EMPTY: XmlElement = {
  kind: 'element',
  name: '',
  key: '',
  index: 0,
  start: 0,
  end: 0,
  nameStart: 0,
  nameEnd: 0,
  attributes: [],
  startTagEnd: 0,
  startTagClosed: true,
  selfClosing: true,
  endTag: undefined,
  children: [],
  parent: undefined,
};

function enumOf(element: XmlElement, name: string): readonly string[] {
  const found = childElements(element).find(
    (each) => each.key === 'enum' && attributeOf(each, 'name')?.value === name,
  );
  return found === undefined ? [] : valuesIn(found);
}

function valuesIn(element: XmlElement): string[] {
  return childElements(element)
    .filter(({ key }) => key === 'value')
    .map((value) => textOf(value).trim());
}
