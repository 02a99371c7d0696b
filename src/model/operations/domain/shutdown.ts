import { AskGuest } from '../../../client/libvirt/domain/domain.ts';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import { abortReason } from '../../../client/rpc/error.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { OperationOptions } from '../operation.ts';
import { withAgent } from './agent.ts';
import { changeDomain, type DomainCall } from './on-domain.ts';

/** How the guest is asked, and for how long it may take. */
export interface ShutdownChoices {
  /** The power button, or whatever else libvirt has for its driver; or the guest agent. */
  readonly ask: 'button' | 'agent';
  /** In ms; 0 does not wait. */
  readonly patienceMs: number;
}

/**
 * `virDomainShutdownFlags`, then waits until the domain has stopped. Returns whether it has: a guest need not listen.
 * Giving up only ends the waiting. @throws GoneError, RemoteError; for the agent OperationError
 */
export function shutdownDomain(
  target: DomainTarget,
  { ask, patienceMs }: ShutdownChoices,
  options: OperationOptions = {},
): Promise<boolean> {
  return changeDomain(target, options, async (call) => {
    await askToStop(call, ask, options);
    return hasStopped(target, patienceMs, options.signal);
  });
}

function askToStop(
  { connection, ref }: DomainCall,
  ask: ShutdownChoices['ask'],
  options: OperationOptions,
): Promise<void> {
  if (ask === 'button') return connection.domains.shutdown(ref, 0, options);
  return withAgent(() => connection.domains.shutdown(ref, AskGuest.AGENT, options));
}

/** Follows the inventory, which follows libvirt's events. */
function hasStopped(
  { host, uuid }: DomainTarget,
  patienceMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const isOff = () => {
    const record = host.domains.get(uuid);
    return record === undefined || !isActive(record.state);
  };
  if (patienceMs === 0) return Promise.resolve(isOff());
  return new Promise((resolve, reject) => {
    const end = () => {
      stopListening();
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    };
    const done = (stopped: boolean) => {
      end();
      resolve(stopped);
    };
    const giveUp = () => {
      end();
      reject(abortReason(signal));
    };
    const check = () => {
      if (isOff()) done(true);
    };
    const stopListening = host.onChange(check);
    const timer = setTimeout(() => done(false), patienceMs);
    signal?.addEventListener('abort', giveUp, { once: true });
    check();
  });
}
