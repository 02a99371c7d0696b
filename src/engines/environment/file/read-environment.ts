import type { DiskFormat } from '../../../model/disk-image/qemu-img.ts';
import { basename, dirname, extname, resolve } from 'node:path';
import { GUEST_ARCHES } from '../../../model/guest/guest-spec.ts';
import type {
  Checksum,
  DeclaredCloudInit,
  DeclaredDisk,
  DeclaredGuest,
  DeclaredInterface,
  DeclaredMount,
  DeclaredNetwork,
  DeclaredPort,
  DeclaredScript,
  DiskBus,
  Environment,
  GuestSource,
  ImageSource,
} from './model.ts';
import { parseBytes } from './sizes.ts';

type Raw = Readonly<Record<string, unknown>>;

const KIB = 1024;
const MIB = 1024 * KIB;
const DEFAULT_USER = 'dev';

/** Reads what the schema has accepted. Relative paths in it start from the folder of `file`. */
export function readEnvironment(value: unknown, file: string): Environment {
  const raw = record(value);
  const name = string(raw['name']) ?? nameFromFolder(file);
  const networks = Object.entries(record(raw['networks'])).map(([key, network]) => readNetwork(key, network));
  const own = new Set(networks.map((network) => network.name));
  const context: Context = { folder: dirname(file), name, host: string(raw['host']), own };
  const guests = Object.entries(record(raw['guests'])).map(([key, guest]) =>
    readGuest(key, record(guest), context),
  );
  return { name, file, networks, guests };
}

interface Context {
  readonly folder: string;
  readonly name: string;
  readonly host: string | undefined;
  /** The names of the networks of the file. */
  readonly own: ReadonlySet<string>;
}

/** The name of the folder, reduced to characters that are safe in the name of a domain. */
function nameFromFolder(file: string): string {
  const name = basename(dirname(file))
    .replaceAll(/[^A-Za-z0-9._-]+/gu, '-')
    .replace(/^[^A-Za-z0-9]+/u, '')
    .slice(0, 40);
  return name === '' ? 'workspace' : name;
}

function readNetwork(name: string, value: unknown): DeclaredNetwork {
  const raw = record(value);
  const mode = (string(raw['mode']) ?? 'nat') as DeclaredNetwork['mode'];
  return { name, mode, subnet: string(raw['subnet']), bridge: string(raw['bridge']) };
}

function readGuest(name: string, raw: Raw, context: Context): DeclaredGuest {
  const source = readSource(raw, context.folder);
  const cloudInit = readCloudInit(name, raw['cloud-init'], source, context.folder);
  const provision = list(raw['provision']).map((script) => readScript(script, context.folder));
  const memory = string(raw['memory']);
  const networks = raw['networks'];
  return {
    name,
    domain: `${context.name}-${name}`,
    source,
    cpus: number(raw['cpus']) ?? 1,
    memoryKiB: Math.ceil((memory === undefined ? DEFAULT_MEMORY[source.kind] : parseBytes(memory)) / KIB),
    disks: readDisks(raw['disk'], source, context.folder),
    arch: GUEST_ARCHES.find((arch) => arch === raw['arch']) ?? 'x86_64',
    machine: string(raw['machine']),
    firmware: string(raw['firmware']) as DeclaredGuest['firmware'],
    tpm: raw['tpm'] === true,
    accel: (string(raw['accel']) ?? 'auto') as DeclaredGuest['accel'],
    display: raw['display'] === true,
    networks: networks === undefined ? undefined : list(networks).map((each) => readInterface(each, context)),
    ports: list(raw['ports']).map(readPort),
    mounts: list(raw['mounts']).map((mount) => readMount(mount, context.folder)),
    cloudInit,
    ssh: readSsh(raw['ssh'], cloudInit, provision.length > 0),
    provision,
    env: Object.fromEntries(Object.entries(record(raw['env'])).map(([key, value]) => [key, String(value)])),
    dependsOn: strings(raw['depends-on']),
    host: string(raw['host']) ?? context.host,
    xml: string(raw['xml']),
  };
}

const DEFAULT_MEMORY: Record<GuestSource['kind'], number> = {
  image: 2048 * MIB,
  iso: 2048 * MIB,
  kernel: 512 * MIB,
  multiboot: 64 * MIB,
};

function readSource(raw: Raw, folder: string): GuestSource {
  const path = (key: string) => {
    const text = string(raw[key]);
    return text === undefined ? undefined : resolve(folder, text);
  };
  const [kernel, iso, multiboot, cmdline] = [
    path('kernel'),
    path('iso'),
    path('multiboot'),
    string(raw['cmdline']),
  ];
  if (kernel !== undefined) return { kind: 'kernel', kernel, initrd: path('initrd'), cmdline };
  if (multiboot !== undefined) return { kind: 'multiboot', multiboot, cmdline };
  if (iso !== undefined) return { kind: 'iso', iso };
  return { kind: 'image', image: readImage(raw['image'], folder) };
}

/** A string with a slash or the ending of an image is a file, any other the name of an image in the catalogue. */
function readImage(value: unknown, folder: string): ImageSource {
  if (typeof value === 'string')
    return /[/\\]/u.test(value) || isImageFile(value)
      ? { kind: 'file', path: resolve(folder, value), format: formatOf(value) }
      : { kind: 'catalogue', name: value };
  const raw = record(value);
  const format = string(raw['format']) as DiskFormat | undefined;
  const [url, path, volume] = [string(raw['url']), string(raw['path']), string(raw['volume'])];
  if (url !== undefined)
    return {
      kind: 'url',
      url,
      checksum: readChecksum(string(raw['checksum']) ?? ''),
      format: format ?? formatOf(url),
    };
  if (volume !== undefined) {
    const [pool = '', name = ''] = volume.split('/');
    return { kind: 'volume', pool, volume: name, format: format ?? formatOf(name) };
  }
  return { kind: 'file', path: resolve(folder, path ?? ''), format: format ?? formatOf(path ?? '') };
}

function readChecksum(text: string): Checksum {
  const [algorithm = '', digest = ''] = text.split(':');
  return { algorithm: algorithm === 'sha512' ? 'sha512' : 'sha256', digest: digest.toLowerCase() };
}

const FORMATS: Readonly<Record<string, DiskFormat>> = {
  '.qcow2': 'qcow2',
  '.vmdk': 'vmdk',
  '.vhdx': 'vhdx',
  '.vdi': 'vdi',
  '.vhd': 'vpc',
  '.raw': 'raw',
};

function isImageFile(name: string): boolean {
  return Object.hasOwn(FORMATS, extname(name).toLowerCase()) || extname(name) === '.img';
}

/** Nearly all cloud images that end in `.img` are qcow2. */
function formatOf(name: string): DiskFormat {
  return FORMATS[extname(name.split('?')[0] ?? '').toLowerCase()] ?? 'qcow2';
}

function readDisks(value: unknown, source: GuestSource, folder: string): readonly DeclaredDisk[] {
  const given = (Array.isArray(value) ? value : value === undefined ? [] : [value]).map((disk) =>
    readDisk(disk, folder),
  );
  const ownDisk: DeclaredDisk = { kind: 'new', bytes: undefined, bus: 'virtio', format: 'qcow2' };
  return source.kind === 'image' && given.length === 0 ? [ownDisk] : given;
}

function readDisk(value: unknown, folder: string): DeclaredDisk {
  if (typeof value === 'string')
    return { kind: 'new', bytes: parseBytes(value), bus: 'virtio', format: 'qcow2' };
  const raw = record(value);
  const bus = (string(raw['bus']) ?? 'virtio') as DiskBus;
  const format = string(raw['format']) as 'qcow2' | 'raw' | undefined;
  const [size, path] = [string(raw['size']), string(raw['path'])];
  if (path !== undefined)
    return {
      kind: 'file',
      path: resolve(folder, path),
      bus,
      format: format ?? (formatOf(path) === 'raw' ? 'raw' : 'qcow2'),
    };
  return {
    kind: 'new',
    bytes: size === undefined ? undefined : parseBytes(size),
    bus,
    format: format ?? 'qcow2',
  };
}

function readInterface(value: unknown, { own }: Context): DeclaredInterface {
  const raw: Raw = typeof value === 'string' ? { network: value } : record(value);
  const network = string(raw['network']) ?? '';
  return {
    to: interfaceTo(network, own),
    mac: string(raw['mac'])?.toLowerCase(),
    model: string(raw['model']) ?? 'virtio',
  };
}

function interfaceTo(network: string, own: ReadonlySet<string>): DeclaredInterface['to'] {
  if (own.has(network)) return { kind: 'own', network };
  if (network === 'user' || network === 'passt') return { kind: network };
  if (network.startsWith('bridge:')) return { kind: 'bridge', bridge: network.slice('bridge:'.length) };
  return { kind: 'host', network };
}

const LOOPBACK = '127.0.0.1';

function readPort(value: unknown): DeclaredPort {
  if (typeof value === 'number') return { address: LOOPBACK, host: value, guest: value, protocol: 'tcp' };
  const [, address, host, guest, protocol] =
    /^(?:([\d.]+):)?(\d+):(\d+)(?:\/(tcp|udp))?$/u.exec(String(value)) ?? [];
  return {
    address: address ?? LOOPBACK,
    host: Number(host),
    guest: Number(guest),
    protocol: protocol === 'udp' ? 'udp' : 'tcp',
  };
}

function readMount(value: unknown, folder: string): DeclaredMount {
  if (typeof value === 'string') {
    const [source = '', target = '', mode] = value.split(':');
    return { source: resolve(folder, source), target, readonly: mode === 'ro', driver: undefined };
  }
  const raw = record(value);
  return {
    source: resolve(folder, string(raw['source']) ?? ''),
    target: string(raw['target']) ?? '',
    readonly: raw['readonly'] === true,
    driver: string(raw['driver']) as DeclaredMount['driver'],
  };
}

/** Images of the catalogue have cloud-init, so it is used for them unless the file says `false`. */
function readCloudInit(
  guest: string,
  value: unknown,
  source: GuestSource,
  folder: string,
): DeclaredCloudInit | undefined {
  const expected = source.kind === 'image' && source.image.kind === 'catalogue';
  if (value === false || (value === undefined && !expected)) return undefined;
  const raw = record(value);
  const path = (key: string) => {
    const text = string(raw[key]);
    return text === undefined ? undefined : resolve(folder, text);
  };
  return {
    user: string(raw['user']) ?? DEFAULT_USER,
    hostname: string(raw['hostname']) ?? guest,
    keys: strings(raw['keys']),
    packages: strings(raw['packages']),
    runcmd: list(raw['runcmd']).map((each) => (Array.isArray(each) ? each.map(String) : String(each))),
    userDataFile: path('user-data'),
    networkConfigFile: path('network-config'),
  };
}

function readSsh(
  value: unknown,
  cloudInit: DeclaredCloudInit | undefined,
  provisions: boolean,
): DeclaredGuest['ssh'] {
  if (value === undefined && cloudInit === undefined && !provisions) return undefined;
  const raw = record(value);
  return { user: string(raw['user']) ?? cloudInit?.user ?? 'root', port: number(raw['port']) ?? 22 };
}

function readScript(value: unknown, folder: string): DeclaredScript {
  if (typeof value === 'string')
    return value.includes('\n')
      ? { kind: 'text', text: value, root: false }
      : { kind: 'file', path: resolve(folder, value), root: false };
  const raw = record(value);
  const root = raw['root'] === true;
  const run = string(raw['run']);
  return run === undefined
    ? { kind: 'file', path: resolve(folder, string(raw['path']) ?? ''), root }
    : { kind: 'text', text: run, root };
}

function record(value: unknown): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function strings(value: unknown): readonly string[] {
  return list(value).map(String);
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
