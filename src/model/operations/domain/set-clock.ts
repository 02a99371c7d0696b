import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { OperationOptions } from '../operation.ts';
import { withAgent } from './agent.ts';
import { changeDomain } from './on-domain.ts';

/** The time that the guest gets. */
export interface ClockChoices {
  readonly to: Date;
}

/** `virDomainSetTime`, through the guest agent. @throws GoneError, OperationError without an agent, RemoteError */
export function setClock(
  target: DomainTarget,
  { to }: ClockChoices,
  options: OperationOptions = {},
): Promise<void> {
  const ms = to.getTime();
  const time = { seconds: BigInt(Math.floor(ms / 1000)), nanoseconds: (ms % 1000) * 1_000_000 };
  return changeDomain(target, options, ({ connection, ref }) =>
    withAgent(() => connection.domainGuests.setTime(ref, time, options)),
  );
}
