import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { OperationOptions } from '../operation.ts';
import { withAgent } from './agent.ts';
import { changeDomain } from './on-domain.ts';

/** Whose password becomes what, in plain text. */
export interface PasswordChoices {
  readonly user: string;
  readonly password: string;
}

/** `virDomainSetUserPassword`, through the guest agent. @throws GoneError, OperationError without an agent, RemoteError */
export function setPassword(
  target: DomainTarget,
  { user, password }: PasswordChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(target, options, ({ connection, ref }) =>
    withAgent(() => connection.domainGuests.setUserPassword(ref, user, password, {}, options)),
  );
}
