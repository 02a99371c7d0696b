import { type Codec, hyper, int, nothing, optional, string, struct, uint } from '../codec.ts';
import { type EventMessage, type Procedure, Program } from '../procedure.ts';
import { domainRef } from '../types.ts';

function qemu<A, R>(number: number, name: string, args: Codec<A>, result: Codec<R>): Procedure<A, R> {
  return { program: Program.QEMU, number, name, args, result };
}

export const domainMonitorCommand = qemu(
  1,
  'DOMAIN_MONITOR_COMMAND',
  struct({ domain: domainRef, command: string, flags: uint }),
  struct({ result: string }),
);

export const domainAgentCommand = qemu(
  3,
  'DOMAIN_AGENT_COMMAND',
  struct({ domain: domainRef, command: string, timeout: int, flags: uint }),
  struct({ result: optional(string) }),
);

export const connectDomainMonitorEventRegister = qemu(
  4,
  'CONNECT_DOMAIN_MONITOR_EVENT_REGISTER',
  struct({ domain: optional(domainRef), event: optional(string), flags: uint }),
  struct({ callbackId: int }),
);

export const connectDomainMonitorEventDeregister = qemu(
  5,
  'CONNECT_DOMAIN_MONITOR_EVENT_DEREGISTER',
  struct({ callbackId: int }),
  nothing,
);

function qemuEvent<T>(number: number, name: string, body: Codec<T>): EventMessage<T> {
  return { program: Program.QEMU, number, name, body };
}

export const domainMonitorEvent = qemuEvent(
  6,
  'DOMAIN_MONITOR_EVENT',
  struct({
    callbackId: int,
    domain: domainRef,
    event: string,
    seconds: hyper,
    microseconds: uint,
    details: optional(string),
  }),
);
