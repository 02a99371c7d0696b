import { t } from '@vscode/l10n';
import type { ValueOf } from '../rpc/codec.ts';
import { type CallOptions, type Patience, RpcConnection } from '../rpc/connection.ts';
import type { Channel } from '../rpc/channel.ts';
import { CallTimeoutError, ConnectionClosedError } from '../rpc/error.ts';
import * as procedures from '../rpc/procedures/connect.ts';
import { type Ask, askNobody } from '../transport/ask.ts';
import { readUri } from '../transport/client-config.ts';
import { TransportError } from '../transport/error.ts';
import type { LocalSocket } from '../transport/local-socket.ts';
import type { HostAddress } from '../transport/dial.ts';
import type { FolderFiles, FolderQuery } from '../transport/read-folder.ts';
import { openAlone, Transports } from '../transport/open.ts';
import { type LibvirtUri, nameForDaemon } from '../transport/uri.ts';
import { authenticate } from './auth/authenticate.ts';
import { Checkpoints } from './domain/checkpoint.ts';
import { DomainBlocks } from './domain/block.ts';
import { DomainDevices } from './domain/devices.ts';
import { DomainEvents } from './domain/events.ts';
import { DomainGuests } from './domain/guest.ts';
import { DomainJobs } from './domain/job.ts';
import { DomainMetadata } from './domain/metadata.ts';
import { DomainImages } from './domain/save.ts';
import { DomainStatistics } from './domain/stats.ts';
import { Domains } from './domain/domain.ts';
import { DomainStreams } from './domain/streams.ts';
import { VolumeTransfers } from './storage/transfers.ts';
import { EventSource, type Unsubscribe } from './event-source.ts';
import { HostNode } from './host/host.ts';
import { Interfaces } from './host/interface.ts';
import { NetworkFilters } from './network/filter.ts';
import { NetworkPorts } from './network/port.ts';
import { Networks } from './network/network.ts';
import { NodeDevices } from './host/node-device.ts';
import { Qemu } from './domain/qemu.ts';
import { Secrets } from './host/secret.ts';
import { Snapshots } from './domain/snapshot.ts';
import { StoragePools } from './storage/pool.ts';
import { StorageVolumes } from './storage/volume.ts';

const OPEN_READ_ONLY = 1;
const FEATURE_KEEPALIVE = 10;
const GOODBYE_TIMEOUT_MS = 1_000;

/** Ways to the host's machine besides the one to its daemon. */
interface Ways {
  readonly dial: (to: HostAddress, signal: AbortSignal) => Promise<Channel>;
  readonly readFolder: (query: FolderQuery, signal: AbortSignal) => Promise<FolderFiles>;
}

/** An open connection to one hypervisor driver of one host (`virConnectPtr`). */
export class Connection {
  readonly uri: LibvirtUri;
  /** What a person should know about the connection, such as that the host's certificate was not checked. */
  readonly warnings: readonly string[];
  readonly host: HostNode;
  readonly domains: Domains;
  readonly domainBlocks: DomainBlocks;
  readonly domainDevices: DomainDevices;
  readonly domainEvents: DomainEvents;
  readonly domainGuests: DomainGuests;
  readonly domainImages: DomainImages;
  readonly domainJobs: DomainJobs;
  readonly domainMetadata: DomainMetadata;
  readonly domainStatistics: DomainStatistics;
  readonly domainStreams: DomainStreams;
  readonly snapshots: Snapshots;
  readonly checkpoints: Checkpoints;
  readonly networks: Networks;
  readonly networkPorts: NetworkPorts;
  readonly networkFilters: NetworkFilters;
  readonly storagePools: StoragePools;
  readonly storageVolumes: StorageVolumes;
  readonly volumeTransfers: VolumeTransfers;
  readonly nodeDevices: NodeDevices;
  readonly interfaces: Interfaces;
  readonly secrets: Secrets;
  readonly qemu: Qemu;
  readonly #rpc: RpcConnection;
  readonly #ways: Ways;
  readonly #driverClosed: EventSource<DriverClosed>;

  constructor(uri: LibvirtUri, rpc: RpcConnection, warnings: readonly string[], ways: Ways) {
    this.uri = uri;
    this.#ways = ways;
    this.warnings = warnings;
    this.#rpc = rpc;
    this.host = new HostNode(rpc);
    this.domains = new Domains(rpc);
    this.domainBlocks = new DomainBlocks(rpc);
    this.domainDevices = new DomainDevices(rpc);
    this.domainEvents = new DomainEvents(rpc);
    this.domainGuests = new DomainGuests(rpc);
    this.domainImages = new DomainImages(rpc);
    this.domainJobs = new DomainJobs(rpc);
    this.domainMetadata = new DomainMetadata(rpc);
    this.domainStatistics = new DomainStatistics(rpc);
    this.domainStreams = new DomainStreams(rpc);
    this.snapshots = new Snapshots(rpc);
    this.checkpoints = new Checkpoints(rpc);
    this.networks = new Networks(rpc);
    this.networkPorts = new NetworkPorts(rpc);
    this.networkFilters = new NetworkFilters(rpc);
    this.storagePools = new StoragePools(rpc);
    this.storageVolumes = new StorageVolumes(rpc);
    this.volumeTransfers = new VolumeTransfers(rpc);
    this.nodeDevices = new NodeDevices(rpc);
    this.interfaces = new Interfaces(rpc);
    this.secrets = new Secrets(rpc);
    this.qemu = new Qemu(rpc);
    this.#driverClosed = new EventSource(rpc, driverClosedWiring(rpc));
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

  /** `virConnectGetURI`: what the daemon opened, which never names a host. */
  async daemonUri(options?: CallOptions): Promise<string> {
    return (await this.#rpc.call(procedures.connectGetUri, undefined, options)).uri;
  }

  /** `virConnectIsSecure`: whether the link between the daemon and a hypervisor elsewhere is secure. */
  async isSecure(options?: CallOptions): Promise<boolean> {
    return (await this.#rpc.call(procedures.connectIsSecure, undefined, options)).secure;
  }

  /**
   * `virConnectRegisterCloseCallback`: the daemon's driver lost its hypervisor; the daemon itself is still
   * there.
   */
  onDriverClosed(listener: (reason: DriverCloseReason) => void): Promise<Unsubscribe> {
    return this.#driverClosed.subscribe(({ reason }) => listener(CLOSE_REASONS[reason] ?? 'other'));
  }

  /**
   * Connects to a port or a unix socket on the daemon's machine. An ssh host is reached through its one
   * connection: nobody authenticates again, and nothing listens on this machine for it.
   * @throws TransportError when it cannot be reached. Over ssh the failure may come only with `closed`, which
   * has no reason when the far end just hung up.
   */
  dial(to: HostAddress, signal: AbortSignal): Promise<Channel> {
    return this.#ways.dial(to, signal);
  }

  /**
   * Reads the small text files of a folder on the host: from the disk where the host is this machine, over the
   * existing connection where it is reached by ssh, so that nobody is asked anything again.
   * @throws TransportError; `unsupported` for a host that is reached in another way.
   */
  readHostFolder(query: FolderQuery, signal: AbortSignal): Promise<FolderFiles> {
    return this.#ways.readFolder(query, signal);
  }

  /**
   * Makes a private unix socket on this machine that leads to what listens on the host, for programs that
   * cannot be handed a stream, such as gdb (`target remote PATH`). It exists until it is disposed of.
   */
  async openLocalSocket(to: HostAddress, onError: (error: Error) => void): Promise<LocalSocket> {
    const { openLocalSocket } = await import('../transport/local-socket.ts');
    return openLocalSocket((signal) => this.dial(to, signal), onError);
  }

  /** `virConnectClose`: tells the daemon that we are done, then ends the link. Never rejects. */
  async disconnect(): Promise<void> {
    try {
      await this.#rpc.call(procedures.connectClose, undefined, { timeoutMs: GOODBYE_TIMEOUT_MS });
    } catch {
      // The link ends in any case, and with it the daemon forgets us.
    }
    this.close();
  }

  /** Ends the link now. The daemon notices by itself, as it would if we had crashed. */
  close(): void {
    this.#rpc.close();
  }
}

/** `virConnectCloseReason`. */
const CLOSE_REASONS = ['error', 'end-of-file', 'keepalive', 'client'] as const;
export type DriverCloseReason = (typeof CLOSE_REASONS)[number] | 'other';

type DriverClosed = ValueOf<typeof procedures.connectEventConnectionClosed.body>;

/** This one has no callback ids: there is at most one on a connection. */
function driverClosedWiring(rpc: RpcConnection) {
  return {
    message: procedures.connectEventConnectionClosed,
    register: async () => {
      await rpc.call(procedures.connectRegisterCloseCallback, undefined);
      return { callbackId: 0 };
    },
    deregister: () => rpc.call(procedures.connectUnregisterCloseCallback, undefined),
  };
}

export interface ConnectOptions {
  /** Whom to ask for a passphrase and the like; nobody by default. */
  readonly ask?: Ask;
  /** Whoever makes many connections hands in one of these, so that they share one ssh for each host. */
  readonly transports?: Transports;
  /** How long to wait for the daemon; not counted is the time in which a person is asked. */
  readonly patience?: Patience;
}

/**
 * `virConnectOpen`: finds the daemon of a URI, an alias of libvirt.conf or, with no text at all, libvirt's default,
 * authenticates and opens its driver.
 * @throws TransportError when the daemon cannot be reached, RemoteError when it refuses.
 */
export async function connect(
  uriText: string,
  signal: AbortSignal,
  { ask = askNobody, transports, patience }: ConnectOptions = {},
): Promise<Connection> {
  const uri = await readUri(uriText);
  const attempt = { signal, ask };
  const own = new Transports();
  const channel = await (transports?.open(uri, attempt) ?? openAlone(uri, attempt, own));
  const rpc = new RpcConnection(channel, patience);
  try {
    const soon = { signal, timeoutMs: rpc.patience.answerMs };
    await authenticate(rpc, uri, attempt);
    const flags = uri.extras.has('readonly') ? OPEN_READ_ONLY : 0;
    await rpc.call(procedures.connectOpen, { name: nameForDaemon(uri), flags }, soon);
    await watch(rpc, soon);
    const shared = transports ?? own;
    const ways: Ways = {
      dial: (to, signal) => shared.dial(uri, to, { signal, ask }),
      readFolder: (query, signal) => shared.readFolder(uri, query, { signal, ask }),
    };
    return new Connection(uri, rpc, channel.warnings ?? [], ways);
  } catch (error) {
    rpc.close();
    throw await rootCause(error, channel);
  }
}

/** Asking whether the daemon knows keepalive also makes it ping us, so ask only when we mean it. */
async function watch(rpc: RpcConnection, soon: CallOptions): Promise<void> {
  const { supported } = await rpc.call(
    procedures.connectSupportsFeature,
    { feature: FEATURE_KEEPALIVE },
    soon,
  );
  if (supported) rpc.startKeepalive();
}

/** When the carrier broke, its reason (ssh's last words) says more than “the connection was lost”. */
async function rootCause(error: unknown, channel: Channel): Promise<unknown> {
  if (error instanceof CallTimeoutError)
    return new TransportError(
      'timeout',
      t('The daemon did not answer within {0} s', error.timeoutMs / 1000),
      t('It may be stuck. Restarting it does not affect running guests.'),
      { cause: error },
    );
  if (!(error instanceof ConnectionClosedError)) return error;
  return (await channel.closed) ?? error.cause ?? error;
}

/** libvirt packs versions as major * 1,000,000 + minor * 1,000 + release. */
function versionText(packed: bigint): string {
  return [packed / 1_000_000n, (packed / 1000n) % 1000n, packed % 1000n].join('.');
}
