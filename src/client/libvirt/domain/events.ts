import type { RpcConnection } from '../../rpc/connection.ts';
import type { EventMessage } from '../../rpc/procedure.ts';
import * as messages from '../../rpc/procedures/domain-event.ts';
import type { TypedParameter } from '../../rpc/types.ts';
import { type BlockJobType, blockJobType } from './block.ts';
import { jobStatistics } from './job.ts';
import type { DomainRef } from './domain.ts';
import { EventSources, type Unsubscribe } from '../event-source.ts';
import { lifecycleEvent } from '../lifecycle.ts';

interface Message {
  readonly callbackId: number;
  readonly domain: DomainRef;
}

/** One kind of event: its number for registering, the message it arrives in, and what that says. */
interface Kind<W extends Message, E> {
  readonly id: number;
  readonly message: EventMessage<W>;
  readonly read: (message: W) => E;
}

function kind<W extends Message, E>(
  id: number,
  message: EventMessage<W>,
  read: (message: W) => E,
): Kind<W, E> {
  return { id, message, read };
}

/** A word for a number, `other` where this version knows none. */
function word<const T extends readonly string[]>(words: T, value: number): T[number] | 'other' {
  return words[value] ?? 'other';
}

const nothing = () => ({});
const WATCHDOG_ACTIONS = ['none', 'pause', 'reset', 'poweroff', 'shutdown', 'debug', 'inject-nmi'] as const;
const IO_ERROR_ACTIONS = ['none', 'pause', 'report'] as const;
const GRAPHICS_PHASES = ['connect', 'initialize', 'disconnect'] as const;
const ADDRESS_FAMILIES = ['ipv4', 'ipv6', 'unix'] as const;
const BLOCK_JOB_STATES = ['completed', 'failed', 'cancelled', 'ready'] as const;
const DISK_CHANGES = ['changed-missing-on-start', 'dropped-missing-on-start'] as const;
const TRAY_CHANGES = ['open', 'close'] as const;
const AGENT_STATES = ['other', 'connected', 'disconnected'] as const;
const AGENT_REASONS = ['unknown', 'domain-started', 'channel'] as const;
const METADATA_TYPES = ['description', 'title', 'element'] as const;
const FAILURE_RECIPIENTS = ['hypervisor', 'guest'] as const;
const FAILURE_ACTIONS = ['ignore', 'inject', 'fatal', 'reset'] as const;
const FAILURE_ACTION_REQUIRED = 1;
const FAILURE_RECURSIVE = 2;

function blockJobEvent(message: { readonly disk: string; readonly type: number; readonly status: number }): {
  readonly disk: string;
  readonly type: BlockJobType;
  readonly status: (typeof BLOCK_JOB_STATES)[number] | 'other';
} {
  const { disk, type, status } = message;
  return { disk, type: blockJobType(type), status: word(BLOCK_JOB_STATES, status) };
}

function graphicsAddress({ family, node, service }: { family: number; node: string; service: string }) {
  return { family: word(ADDRESS_FAMILIES, family), node, service };
}

/** `virDomainEventID`, without the two that newer ones replace in full. */
const KINDS = {
  lifecycle: kind(0, messages.lifecycle, ({ event, detail }) => lifecycleEvent(event, detail)),
  reboot: kind(1, messages.reboot, nothing),
  /** The guest set its clock: `offset` seconds from the host's. */
  rtcChange: kind(2, messages.rtcChange, ({ offset }) => ({ offset: Number(offset) })),
  watchdog: kind(3, messages.watchdog, ({ action }) => ({ action: word(WATCHDOG_ACTIONS, action) })),
  ioError: kind(4, messages.ioError, ({ path, alias, action }) => ({
    path,
    alias,
    action: word(IO_ERROR_ACTIONS, action),
  })),
  /** Somebody's viewer comes or goes. */
  graphics: kind(5, messages.graphics, ({ phase, local, remote, authScheme, subject }) => ({
    phase: word(GRAPHICS_PHASES, phase),
    local: graphicsAddress(local),
    remote: graphicsAddress(remote),
    authScheme,
    subject,
  })),
  /** As `ioError`, with the reason: `enospc`, or empty. */
  ioErrorReason: kind(6, messages.ioErrorReason, ({ path, alias, action, reason }) => ({
    path,
    alias,
    action: word(IO_ERROR_ACTIONS, action),
    reason,
  })),
  controlError: kind(7, messages.controlError, nothing),
  /** `disk` is the source path: better take `blockJob`. */
  blockJobByPath: kind(8, messages.blockJob, blockJobEvent),
  diskChange: kind(9, messages.diskChange, ({ oldPath, newPath, alias, reason }) => ({
    oldPath,
    newPath,
    alias,
    reason: word(DISK_CHANGES, reason),
  })),
  trayChange: kind(10, messages.trayChange, ({ alias, reason }) => ({
    alias,
    tray: word(TRAY_CHANGES, reason),
  })),
  pmWakeup: kind(11, messages.pmWakeup, nothing),
  pmSuspend: kind(12, messages.pmSuspend, nothing),
  balloonChange: kind(13, messages.balloonChange, ({ actual }) => ({ currentKiB: Number(actual) })),
  pmSuspendDisk: kind(14, messages.pmSuspendDisk, nothing),
  deviceRemoved: kind(15, messages.deviceRemoved, ({ alias }) => ({ alias })),
  /** `disk` is the target, such as `vda`. */
  blockJob: kind(16, messages.blockJob2, blockJobEvent),
  /** What was tuned, by libvirt's names, such as `cputune.cpu_shares` and `blkdeviotune.disk`. */
  tunable: kind(17, messages.tunable, ({ parameters }) => ({ values: byName(parameters) })),
  agentLifecycle: kind(18, messages.agentLifecycle, ({ state, reason }) => ({
    state: word(AGENT_STATES, state),
    reason: word(AGENT_REASONS, reason),
  })),
  deviceAdded: kind(19, messages.deviceAdded, ({ alias }) => ({ alias })),
  migrationIteration: kind(20, messages.migrationIteration, ({ iteration }) => ({ iteration })),
  jobCompleted: kind(21, messages.jobCompleted, ({ parameters }) => ({
    statistics: jobStatistics(parameters),
  })),
  deviceRemovalFailed: kind(22, messages.deviceRemovalFailed, ({ alias }) => ({ alias })),
  metadataChange: kind(23, messages.metadataChange, ({ type, namespace }) => ({
    type: word(METADATA_TYPES, type),
    namespace,
  })),
  /** In bytes: what was set with `DomainBlocks.setThreshold`, and by how much it was passed. */
  blockThreshold: kind(24, messages.blockThreshold, ({ disk, path, threshold, excess }) => ({
    disk,
    path,
    threshold,
    excess,
  })),
  memoryFailure: kind(25, messages.memoryFailure, ({ recipient, action, flags }) => ({
    recipient: word(FAILURE_RECIPIENTS, recipient),
    action: word(FAILURE_ACTIONS, action),
    actionRequired: (flags & FAILURE_ACTION_REQUIRED) !== 0,
    recursive: (flags & FAILURE_RECURSIVE) !== 0,
  })),
  memoryDeviceSizeChange: kind(26, messages.memoryDeviceSizeChange, ({ alias, size }) => ({
    alias,
    sizeKiB: Number(size),
  })),
};

export type DomainEventName = keyof typeof KINDS;
export const DOMAIN_EVENT_NAMES = Object.keys(KINDS) as readonly DomainEventName[];

/** What listeners of that kind of event get. */
export type DomainEvent<N extends DomainEventName> = { readonly domain: DomainRef } & Readonly<
  ReturnType<(typeof KINDS)[N]['read']>
>;

/** The events of the domains of one connection. */
export class DomainEvents {
  readonly #rpc: RpcConnection;
  readonly #sources: EventSources;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
    this.#sources = new EventSources(rpc);
  }

  /**
   * `virConnectDomainEventRegisterAny`: of all domains, or of one. After a reconnect, subscribe on the new
   * connection: a registration ends with its link.
   */
  on<N extends DomainEventName>(
    name: N,
    listener: (event: DomainEvent<N>) => void,
    domain?: DomainRef,
  ): Promise<Unsubscribe> {
    const { id, message, read } = KINDS[name] as unknown as Kind<Message, object>;
    const wiring = {
      message,
      register: () => this.#rpc.call(messages.connectDomainEventCallbackRegisterAny, { eventId: id, domain }),
      deregister: (callbackId: number) =>
        this.#rpc.call(messages.connectDomainEventCallbackDeregisterAny, { callbackId }),
    };
    return this.#sources.subscribe(`${name} ${domain?.uuid ?? ''}`, wiring, (event) =>
      listener({ domain: event.domain, ...read(event) } as DomainEvent<N>),
    );
  }
}

function byName(parameters: readonly TypedParameter[]): ReadonlyMap<string, TypedParameter['value']> {
  return new Map(parameters.map(({ field, value }) => [field, value]));
}
