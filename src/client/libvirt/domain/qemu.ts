import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/qemu.ts';
import type { DomainRef } from './domain.ts';
import { EventSources, type Unsubscribe } from '../event-source.ts';

/** `virDomainQemuMonitorCommandFlags`: the human monitor protocol instead of QMP. */
export const MonitorCommand = { HMP: 1 } as const;

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
  /** Only events of that name. */
  readonly event?: string;
}

/** What only QEMU has. It goes around libvirt, which marks the domain as tainted. */
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

  /** `virConnectDomainQemuMonitorEventRegister`: what QEMU itself reports, of all domains or of one. */
  onMonitorEvent(
    listener: (event: MonitorEvent) => void,
    { domain, event: wanted }: MonitorEventFilter = {},
  ): Promise<Unsubscribe> {
    const wiring = {
      message: procedures.domainMonitorEvent,
      register: () => {
        // A daemon takes one registration for each domain, whatever names it asks for: names are compared here.
        const args = { domain, event: undefined, flags: 0 };
        return this.#rpc.call(procedures.connectDomainMonitorEventRegister, args);
      },
      deregister: (callbackId: number) =>
        this.#rpc.call(procedures.connectDomainMonitorEventDeregister, { callbackId }),
    };
    return this.#sources.subscribe(domain?.uuid ?? '', wiring, (message) => {
      if (wanted !== undefined && message.event !== wanted) return;
      listener({
        domain: message.domain,
        event: message.event,
        timeMs: Number(message.seconds) * 1000 + Math.floor(message.microseconds / 1000),
        details: message.details,
      });
    });
  }
}
