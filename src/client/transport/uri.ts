import { t } from '@vscode/l10n';
import { TransportError } from './error.ts';

/** A libvirt connection URI, taken apart: `driver[+transport]://[user@][host][:port]/[path][?extras]`. */
export interface LibvirtUri {
  readonly driver: string;
  readonly transport: string | undefined;
  readonly user: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly path: string;
  readonly extras: ReadonlyMap<string, string>;
  readonly text: string;
}

const GRAMMAR =
  /^(?<driver>[A-Za-z][A-Za-z0-9]*)(?:\+(?<transport>[A-Za-z0-9]+))?:(?:\/\/(?<authority>[^/?#]*))?(?<path>\/[^?#]*)?(?:\?(?<query>[^#]*))?$/;
const AUTHORITY =
  /^(?:(?<user>[^@]*)@)?(?<host>\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9._~%-]+)?\]|[^:@[\]]*)(?::(?<port>[0-9]{1,5}))?$/;

/**
 * What could be read as an option, and what newer versions of ssh refuse: a ProxyCommand of the user may hand
 * both names to a shell. The backslash is for DOMAIN\user.
 */
const UNSAFE_FOR_SSH = /^-|['"`$;&<>|(){}\s]/;

/** Drivers that a daemon runs, so that they can be reached over the remote protocol. */
const DAEMON_DRIVERS = new Set(['qemu', 'test', 'lxc', 'ch', 'xen', 'vbox', 'vz', 'bhyve', 'nodedev']);
/** Drivers that exist only inside libvirt's C library and speak the product's own protocol. */
const CLIENT_DRIVERS = new Set(['esx', 'gsx', 'vpx', 'hyperv', 'vmwareplayer', 'vmwarews', 'vmwarefusion']);

/** @throws TransportError (`bad-uri`, `unsupported`) that says which part is wrong. */
export function parseUri(input: string): LibvirtUri {
  const text = input.trim();
  if (text === '') throw bad(t('The URI is empty'));
  // eslint-disable-next-line no-control-regex -- that is the point
  if (/[\u0000-\u0020\u007f]/u.test(text)) throw bad(t('The URI contains a space or a control character'));
  const parts = GRAMMAR.exec(text)?.groups;
  const driver = parts?.['driver']?.toLowerCase();
  if (parts === undefined || driver === undefined) throw bad(t('“{0}” is not a libvirt URI', text));
  checkDriver(driver);
  const authority = AUTHORITY.exec(parts['authority'] ?? '')?.groups;
  if (authority === undefined) throw bad(t('“{0}” is not a host', parts['authority'] ?? ''));
  const host = decodeHost(authority['host']);
  const transport = parts['transport']?.toLowerCase();
  if (parts['authority'] === undefined && transport !== undefined)
    throw bad(t('The URI names a transport but no host: “//” is missing'));
  const user = decodePart(authority['user']);
  if (host !== undefined && UNSAFE_FOR_SSH.test(host)) throw bad(t('“{0}” is not a host name', host));
  if (user !== undefined && UNSAFE_FOR_SSH.test(user)) throw bad(t('“{0}” is not a user name', user));
  return {
    driver,
    transport,
    user,
    host,
    port: parsePort(authority['port']),
    path: decodePart(parts['path']) ?? '',
    extras: parseExtras(parts['query']),
    text,
  };
}

/**
 * The name under which the far daemon opens its driver: the URI without what only concerned the way there.
 * An explicit `name=` wins, as in libvirt.
 */
export function nameForDaemon(uri: LibvirtUri): string {
  return uri.extras.get('name') ?? `${uri.driver}://${encodeURI(uri.path === '' ? '/' : uri.path)}`;
}

/** As in libvirt: a URI with a host but no transport means TLS. */
export function transportOf(uri: LibvirtUri): string {
  return uri.transport ?? (uri.host === undefined ? 'unix' : 'tls');
}

/**
 * Whether it leads to a daemon of this machine: as in libvirt, a URI without a host does, by whatever transport, and a
 * local socket does whatever host is named with it.
 */
export function leadsHere(uri: LibvirtUri): boolean {
  return uri.host === undefined || transportOf(uri) === 'unix';
}

/** Whether it means the user's own daemon, not the system's. */
export function isSessionUri(uri: LibvirtUri): boolean {
  return uri.path === '/session';
}

/** A switch among the extras, such as `no_verify=1`: libvirt wants a number. */
export function isSet(uri: LibvirtUri, name: string): boolean {
  const value = uri.extras.get(name);
  if (value === undefined) return false;
  if (!/^[0-9]+$/.test(value)) throw bad(t('{0}={1} is neither 0 nor 1', name, value));
  return Number(value) !== 0;
}

function checkDriver(driver: string): void {
  if (DAEMON_DRIVERS.has(driver)) return;
  if (CLIENT_DRIVERS.has(driver))
    throw new TransportError(
      'unsupported',
      t('The {0} driver has no daemon to connect to', driver),
      t(
        'It exists only inside the libvirt C library. KVM Workbench connects to libvirt daemons, for example qemu:///system.',
      ),
    );
  throw new TransportError(
    'unsupported',
    t('libvirt has no driver “{0}”', driver),
    t('Supported drivers: {0}.', [...DAEMON_DRIVERS].join(', ')),
  );
}

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (port < 1 || port > 65535) throw bad(t('{0} is not a port', text));
  return port;
}

function parseExtras(query: string | undefined): ReadonlyMap<string, string> {
  const extras = new Map<string, string>();
  for (const part of (query ?? '').split(/[&;]/)) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const key = equals === -1 ? part : part.slice(0, equals);
    extras.set(decodePart(key) ?? '', decodePart(equals === -1 ? '' : part.slice(equals + 1)) ?? '');
  }
  return extras;
}

/** An IPv6 zone stands behind `%25`, and as people write it behind `%`, where it is no escape: `[fe80::1%br-lan]`. */
function decodeHost(text: string | undefined): string | undefined {
  const [, address, zone] = /^\[([^%]+)(?:%(?:25(?=.))?(.+))?\]$/u.exec(text ?? '') ?? [];
  if (address === undefined) return decodePart(text);
  return zone === undefined ? address : `${address}%${decodePart(zone) ?? ''}`;
}

function decodePart(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return text === '' ? undefined : text;
  const decoded = unescape(text);
  // oxlint-disable-next-line no-control-regex -- that is the point
  if (/[\u0000-\u001f\u007f]/u.test(decoded)) throw bad(t('“{0}” stands for a control character', text));
  return decoded;
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    throw new TransportError('bad-uri', t('“{0}” has a broken percent escape', text), examples(), { cause });
  }
}

const examples = (): string => t('Examples: qemu:///system, qemu:///session, qemu+ssh://user@host/system.');

function bad(message: string): TransportError {
  return new TransportError('bad-uri', message, examples());
}
