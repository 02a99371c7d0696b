import { type CallOptions, RpcConnection } from '../rpc/connection.ts';
import type { Channel } from '../rpc/channel.ts';
import { CallTimeoutError, ConnectionClosedError } from '../rpc/error.ts';
import * as procedures from '../rpc/procedures/connect.ts';
import { type Ask, askNobody } from '../transport/ask.ts';
import { resolveUri } from '../transport/client-config.ts';
import { TransportError } from '../transport/error.ts';
import { openAlone, type Transports } from '../transport/open.ts';
import { type LibvirtUri, nameForDaemon, parseUri } from '../transport/uri.ts';
import { authenticate } from './authenticate.ts';
import { Domains } from './domain.ts';
import { Storage } from './storage.ts';

const OPEN_READ_ONLY = 1;
const FEATURE_KEEPALIVE = 10;
/** For each answer on the way; not counted is the time in which a person is asked. */
const ANSWER_TIMEOUT_MS = 30_000;

/** An open connection to one hypervisor driver of one host (`virConnectPtr`). */
export class Connection {
  readonly uri: LibvirtUri;
  /** What a person should know about the way to this host, such as that nobody checked who it is. */
  readonly warnings: readonly string[];
  readonly domains: Domains;
  readonly storage: Storage;
  readonly #rpc: RpcConnection;

  constructor(uri: LibvirtUri, rpc: RpcConnection, warnings: readonly string[]) {
    this.uri = uri;
    this.warnings = warnings;
    this.#rpc = rpc;
    this.domains = new Domains(rpc);
    this.storage = new Storage(rpc);
  }

  /** Settles when the link has ended, with the reason unless {@link close} asked for it. */
  get closed(): Promise<Error | undefined> {
    return this.#rpc.closed;
  }

  /** `virConnectGetHostname`. */
  async hostname(options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.connectGetHostname, undefined, options)).hostname;
  }

  /** `virConnectGetCapabilities`: XML. */
  async capabilities(options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.connectGetCapabilities, undefined, options)).capabilities;
  }

  /** `virConnectGetType`: the driver's name, such as QEMU. */
  async type(options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.connectGetType, undefined, options)).type;
  }

  /** `virConnectGetVersion`: the hypervisor's version as text, such as 7.2.0. */
  async version(options?: CallOptions): Promise<string> {
    return versionText((await this.#rpc.call(procedures.connectGetVersion, undefined, options)).version);
  }

  /** `virConnectGetLibVersion`: the daemon's version as text, such as 9.0.0. */
  async libVersion(options?: CallOptions): Promise<string> {
    return versionText((await this.#rpc.call(procedures.connectGetLibVersion, undefined, options)).version);
  }

  close(): void {
    this.#rpc.close();
  }
}

export interface ConnectOptions {
  /** Whom to ask for a passphrase and the like; nobody by default. */
  readonly ask?: Ask;
  /** Whoever makes many connections hands in one of these, so that they share one ssh for each host. */
  readonly transports?: Transports;
}

/**
 * `virConnectOpen`: finds the daemon of a URI, an alias of libvirt.conf or, with no text at all, libvirt's default,
 * authenticates and opens its driver.
 * @throws TransportError when the daemon cannot be reached, RemoteError when it refuses.
 */
export async function connect(
  uriText: string,
  signal: AbortSignal,
  { ask = askNobody, transports }: ConnectOptions = {},
): Promise<Connection> {
  const uri = parseUri(await resolveUri(uriText));
  const attempt = { signal, ask };
  const channel = await (transports === undefined ? openAlone(uri, attempt) : transports.open(uri, attempt));
  const rpc = new RpcConnection(channel);
  try {
    const patience = { signal, timeoutMs: ANSWER_TIMEOUT_MS };
    await authenticate(rpc, uri, attempt);
    const flags = uri.extras.has('readonly') ? OPEN_READ_ONLY : 0;
    await rpc.call(procedures.connectOpen, { name: nameForDaemon(uri), flags }, patience);
    await watch(rpc, patience);
    return new Connection(uri, rpc, channel.warnings ?? []);
  } catch (error) {
    rpc.close();
    throw await rootCause(error, channel);
  }
}

/** Asking whether the daemon knows keepalive also makes it ping us, so ask only when we mean it. */
async function watch(rpc: RpcConnection, patience: CallOptions): Promise<void> {
  const { supported } = await rpc.call(
    procedures.connectSupportsFeature,
    { feature: FEATURE_KEEPALIVE },
    patience,
  );
  if (supported) rpc.startKeepalive();
}

/** When the carrier broke, its reason (ssh's last words) says more than “the connection was lost”. */
async function rootCause(error: unknown, channel: Channel): Promise<unknown> {
  if (error instanceof CallTimeoutError)
    return new TransportError(
      'timeout',
      `The daemon did not answer within ${error.timeoutMs / 1000} s`,
      'It may be stuck: restarting it does no harm to guests that run.',
      { cause: error },
    );
  if (!(error instanceof ConnectionClosedError)) return error;
  return (await channel.closed) ?? error.cause ?? error;
}

/** libvirt packs versions as major * 1,000,000 + minor * 1,000 + release. */
function versionText(packed: bigint): string {
  return [packed / 1_000_000n, (packed / 1000n) % 1000n, packed % 1000n].join('.');
}
