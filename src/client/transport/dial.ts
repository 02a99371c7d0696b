import { BlockList, connect, isIP, isIPv6, type NetConnectOpts, type Socket } from 'node:net';
import { t } from '@vscode/l10n';
import type { Channel } from '../rpc/channel.ts';
import { TransportError } from './error.ts';
import { establish } from './establish.ts';

/** Something that listens on a host, as that host itself would name it. */
export type HostAddress =
  | {
      readonly port: number;
      /** An IP address or `localhost`; the loopback by default. */
      readonly address?: string;
    }
  | {
      /** Of a unix socket: absolute. */
      readonly path: string;
    };

const TIMEOUT_MS = 15_000;
const LOOPBACK = '127.0.0.1';

/** As a person reads it: `127.0.0.1:5900`, `[::1]:5900`, or the path. */
export function addressText(to: HostAddress): string {
  if ('path' in to) return to.path;
  const address = to.address ?? LOOPBACK;
  return inBrackets(address, to.port);
}

/** `host:port`, with the brackets that IPv6 needs. */
export function inBrackets(host: string, port: number): string {
  return isIPv6(withoutZone(host)) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Zones are names of interfaces, in which more may stand than Node takes for an address. */
function withoutZone(address: string): string {
  return address.replace(/%[\w.~-]+$/u, '');
}

/** Addresses come from what a daemon says: none of them may be read as anything else. @throws TransportError. */
export function checkAddress(to: HostAddress): void {
  if ('path' in to) {
    // oxlint-disable-next-line no-control-regex -- that is the point
    if (!to.path.startsWith('/') || /[\u0000-\u001f\u007f]/u.test(to.path))
      throw new TransportError('bad-uri', t('“{0}” is not the absolute path of a socket', to.path));
    return;
  }
  const { port, address = LOOPBACK } = to;
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new TransportError('bad-uri', t('{0} is not a port', port));
  if (address !== 'localhost' && isIP(withoutZone(address)) === 0)
    throw new TransportError('bad-uri', t('“{0}” is not an IP address', address));
}

/** Reaches something on this machine. @throws TransportError that says what did not answer. */
export function dialHere(to: HostAddress, signal: AbortSignal): Promise<Channel> {
  const options = 'path' in to ? to : { host: to.address ?? LOOPBACK, port: to.port, noDelay: true };
  return dialSocket(to, options, signal);
}

/**
 * Reaches something on a host to which there is no tunnel: only what listens on the network there.
 * @throws TransportError (`unsupported`) for what only the host itself can reach.
 */
export function dialNetwork(host: string, to: HostAddress, signal: AbortSignal): Promise<Channel> {
  if ('path' in to || isHere(to.address ?? LOOPBACK))
    throw new TransportError(
      'unsupported',
      t('{0} can only be reached on {1} itself', addressText(to), host),
      t(
        'Add the host with ssh, such as qemu+ssh://user@{0}/system: everything then goes through that connection.',
        host,
      ),
    );
  const address = isWildcard(to.address) ? host : to.address;
  return dialSocket(to, { host: address ?? host, port: to.port, noDelay: true }, signal);
}

async function dialSocket(to: HostAddress, options: NetConnectOpts, signal: AbortSignal): Promise<Channel> {
  signal.throwIfAborted();
  const socket: Socket = connect(options);
  const bounds = {
    signal,
    timeoutMs: TIMEOUT_MS,
    late: () => new TransportError('timeout', t('{0} does not answer', addressText(to))),
    explain: (error: Error | undefined) => explainRefusal(to, error),
  };
  await establish(socket, bounds, (ready) => socket.once('connect', ready));
  return dialled(socket);
}

/** The far end may well have nothing more to say: unlike with a daemon, its end is no loss. */
function dialled(socket: Socket): Channel {
  const closed = new Promise<Error | undefined>((resolve) => {
    let failure: Error | undefined;
    socket.once('error', (error) => (failure = error));
    socket.once('close', () => resolve(failure));
  });
  return { input: socket, output: socket, closed, close: () => socket.destroy() };
}

function explainRefusal(to: HostAddress, cause: Error | undefined): TransportError {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  const options = { cause };
  if (code === 'EACCES' || code === 'EPERM')
    return new TransportError(
      'permission-denied',
      t('No permission to use {0}', addressText(to)),
      t('It belongs to the user that the guest runs as: connect as root or as that user.'),
      options,
    );
  if (code === 'ECONNREFUSED' || code === 'ENOENT')
    return new TransportError('refused', t('Nothing listens at {0}', addressText(to)), undefined, options);
  const message =
    cause === undefined
      ? t('{0} closed the connection at once', addressText(to))
      : t('{0} cannot be reached: {1}', addressText(to), cause.message);
  return new TransportError('lost', message, undefined, options);
}

/** Every address. */
const WILDCARDS = new BlockList();
WILDCARDS.addAddress('0.0.0.0');
WILDCARDS.addAddress('::', 'ipv6');

/** Addresses that lead to whoever uses them, and, where there is no such machine, to one beside it. */
const HERE = new BlockList();
HERE.addSubnet('0.0.0.0', 8);
HERE.addSubnet('127.0.0.0', 8);
HERE.addSubnet('169.254.0.0', 16);
HERE.addSubnet('::', 96, 'ipv6');
HERE.addSubnet('fe80::', 10, 'ipv6');

/** However it is written: IPv6 has many ways to say the same, IPv4 addresses among them. */
function isIn(list: BlockList, address: string): boolean {
  const plain = withoutZone(address);
  return list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}

function isHere(address: string): boolean {
  return address === 'localhost' || (!isWildcard(address) && isIn(HERE, address));
}

function isWildcard(address: string | undefined): boolean {
  return address !== undefined && isIn(WILDCARDS, address);
}
