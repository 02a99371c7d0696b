import { child, children, parseXml, text, type XmlObject } from '../../client/libvirt/xml-object.ts';

/** Where the data of a disk, or of one file below it, lie. */
export type DiskSource =
  | { readonly type: 'file' | 'block' | 'dir'; readonly path: string }
  | { readonly type: 'volume'; readonly pool: string; readonly volume: string }
  | {
      readonly type: 'network';
      /** Such as `rbd`, `nbd` or `iscsi`. */
      readonly protocol: string;
      /** What the server calls it. */
      readonly name: string | undefined;
      /** `host` or `host:port` of each server. */
      readonly hosts: readonly string[];
    }
  /** A kind that has more to it than a person wants to read, such as `nvme`. */
  | { readonly type: 'other'; readonly of: string };

/** One file of a chain, which the one above it keeps only the differences from. */
export interface DiskLayer {
  /** Undefined for an empty drive. */
  readonly source: DiskSource | undefined;
  /** Such as `qcow2`; undefined where nobody has said it. */
  readonly format: string | undefined;
  /** How block jobs name it: `vda[1]`; undefined while it does not run. */
  readonly index: number | undefined;
}

/** A disk of a domain, as its XML has it. */
export interface Disk {
  /** What the guest is meant to call it, such as `vda`: unique in its domain. */
  readonly target: string;
  readonly device: 'disk' | 'cdrom' | 'floppy' | 'lun';
  readonly bus: string | undefined;
  readonly alias: string | undefined;
  readonly readOnly: boolean;
  readonly shareable: boolean;
  readonly transient: boolean;
  /** What the guest writes to first, then what lies below it, down to the base. */
  readonly chain: readonly [DiskLayer, ...DiskLayer[]];
  /** Whether the chain is known to its end: it is while the domain runs, and where its XML spells it out. */
  readonly chainKnown: boolean;
  /** Where the tray of a drive is open. */
  readonly trayOpen: boolean;
}

/** The longest chain that is looked at: QEMU itself gives up at some hundred. */
const CHAIN_MAX = 1_000;

/** The disks of a domain, in the order of its XML. @throws Error when it is no XML */
export function readDisks(domainXml: string): readonly Disk[] {
  const devices = child(child(parseXml(domainXml), 'domain'), 'devices');
  return children(devices, 'disk').flatMap((disk) => readDisk(disk) ?? []);
}

function readDisk(disk: XmlObject): Disk | undefined {
  const target = child(disk, 'target');
  const name = text(target, '@dev');
  if (name === undefined) return undefined;
  const { layers, known } = chainOf(disk);
  return {
    target: name,
    device: deviceOf(text(disk, '@device')),
    bus: text(target, '@bus'),
    alias: text(child(disk, 'alias'), '@name'),
    readOnly: disk['readonly'] !== undefined,
    shareable: disk['shareable'] !== undefined,
    transient: disk['transient'] !== undefined,
    chain: layers,
    chainKnown: known,
    trayOpen: text(target, '@tray') === 'open',
  };
}

function deviceOf(device: string | undefined): Disk['device'] {
  return device === 'cdrom' || device === 'floppy' || device === 'lun' ? device : 'disk';
}

/** An empty `<backingStore/>` says that there is nothing more below. */
function chainOf(disk: XmlObject): { readonly layers: Disk['chain']; readonly known: boolean } {
  const layers: [DiskLayer, ...DiskLayer[]] = [layerOf(disk, 'driver')];
  let below = children(disk, 'backingStore')[0];
  while (below !== undefined && layers.length < CHAIN_MAX) {
    if (below['source'] === undefined) return { layers, known: true };
    layers.push(layerOf(below, 'format'));
    below = children(below, 'backingStore')[0];
  }
  return { layers, known: false };
}

function layerOf(element: XmlObject, formatIn: 'driver' | 'format'): DiskLayer {
  const source = children(element, 'source')[0];
  // The active layer says it at its source, those below it at themselves.
  const index = text(element, '@index') ?? text(source ?? {}, '@index');
  return {
    source: source && readSource(text(element, '@type') ?? 'file', source),
    format: text(child(element, formatIn), '@type'),
    index: index === undefined || !/^\d{1,9}$/u.test(index) ? undefined : Number(index),
  };
}

/** Undefined when it has none, as an empty drive. */
function readSource(type: string, source: XmlObject): DiskSource | undefined {
  if (type === 'network')
    return {
      type,
      protocol: text(source, '@protocol') ?? '',
      name: text(source, '@name'),
      hosts: children(source, 'host').flatMap(hostOf),
    };
  if (type === 'volume') {
    const [pool, volume] = [text(source, '@pool'), text(source, '@volume')];
    return pool === undefined || volume === undefined ? undefined : { type, pool, volume };
  }
  const path = text(source, type === 'file' ? '@file' : type === 'block' ? '@dev' : '@dir');
  if (type === 'file' || type === 'block' || type === 'dir')
    return path === undefined ? undefined : { type, path };
  return { type: 'other', of: type };
}

function hostOf(host: XmlObject): readonly string[] {
  const [name, port] = [text(host, '@name') ?? text(host, '@socket'), text(host, '@port')];
  if (name === undefined) return [];
  const plain = name.includes(':') ? `[${name}]` : name;
  return [port === undefined ? name : `${plain}:${port}`];
}
