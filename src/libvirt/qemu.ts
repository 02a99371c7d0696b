import type { CallOptions, RpcConnection } from '../rpc/connection.ts';
import * as procedures from '../rpc/procedures/qemu.ts';
import type { DomainRef } from './domain.ts';
import { EventSources, type Unsubscribe } from './event-source.ts';

/** `virDomainQemuMonitorCommandFlags`: the human monitor protocol instead of QMP. */
export const MonitorCommand = { HMP: 1 } as const;

/** `virConnectDomainQemuMonitorEventRegisterFlags`: how the event's name is compared. */
export const MonitorEventMatch = { REGEX: 1, IGNORE_CASE: 2 } as const;

const AGENT_DEFAULT_TIMEOUT = -1;

export interface MonitorEvent {
  readonly domain: DomainRef;
  /** QEMU's name for it, such as STOP. */
  readonly event: string;
  /** When QEMU raised it, in ms since 1970. */
  readonly timeMs: number;
  /** Its data as JSON. */
  readonly details: string | undefined;
}

export interface MonitorEventFilter {
  readonly domain?: DomainRef;
  /** Only events of that name; compared as `flags` say, {@link MonitorEventMatch}. */
  readonly event?: string;
  readonly flags?: number;
}

/** What only QEMU has. libvirt marks a domain as tainted that was reached around it. */
export class Qemu {
  readonly #rpc: RpcConnection;
  readonly #sources: EventSources;

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
    this.#sources = new EventSources(rpc);
  }

  /** `virDomainQemuMonitorCommand`: JSON in and out, or text with {@link MonitorCommand}.HMP. */
  async monitorCommand(
    domain: DomainRef,
    command: string,
    flags = 0,
    options?: CallOptions,
  ): Promise<string> {
    return (await this.#rpc.call(procedures.domainMonitorCommand, { domain, command, flags }, options))
      .result;
  }

  /** `virDomainQemuAgentCommand`: JSON in and out. Waits for that many seconds, or as `AgentTimeout` says. */
  async agentCommand(
    domain: DomainRef,
    command: string,
    timeoutSeconds: number = AGENT_DEFAULT_TIMEOUT,
    options?: CallOptions,
  ): Promise<string | undefined> {
    const args = { domain, command, timeout: timeoutSeconds, flags: 0 };
    return (await this.#rpc.call(procedures.domainAgentCommand, args, options)).result;
  }

  /** `virConnectDomainQemuMonitorEventRegister`: what QEMU itself reports. */
  onMonitorEvent(
    listener: (event: MonitorEvent) => void,
    { domain, event, flags = 0 }: MonitorEventFilter = {},
  ): Promise<Unsubscribe> {
    const wiring = {
      message: procedures.domainMonitorEvent,
      register: () => this.#rpc.call(procedures.connectDomainMonitorEventRegister, { domain, event, flags }),
      deregister: (callbackId: number) =>
        this.#rpc.call(procedures.connectDomainMonitorEventDeregister, { callbackId }),
    };
    return this.#sources.subscribe(JSON.stringify([domain?.uuid, event, flags]), wiring, (message) =>
      listener({
        domain: message.domain,
        event: message.event,
        timeMs: Number(message.seconds) * 1000 + Math.floor(message.microseconds / 1000),
        details: message.details,
      }),
    );
  }
}
