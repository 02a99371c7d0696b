import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { withAgent } from './agent.ts';
import { changeDomain } from './on-domain.ts';

/**
 * `virDomainFSFreeze`, through the guest agent: nothing in the guest can write until they are thawed. Returns how many
 * were frozen. @throws GoneError, OperationError without an agent, RemoteError
 */
export function freezeFileSystems(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<number> {
  return changeDomain(target, options, ({ connection, ref }) =>
    withAgent(() => connection.domainGuests.freeze(ref, [], options)),
  );
}

/** `virDomainFSThaw`: returns how many were thawed. @throws GoneError, OperationError without an agent, RemoteError */
export function thawFileSystems(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<number> {
  return changeDomain(target, options, ({ connection, ref }) =>
    withAgent(() => connection.domainGuests.thaw(ref, [], options)),
  );
}

/** `virDomainFSTrim`: gives the space that is free back to the host. @throws GoneError, OperationError without an agent, RemoteError */
export function trimFileSystems(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(target, options, ({ connection, ref }) =>
    withAgent(() => connection.domainGuests.trim(ref, {}, options)),
  );
}
