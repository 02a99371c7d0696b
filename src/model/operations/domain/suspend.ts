import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { changeDomain } from './on-domain.ts';

/** `virDomainSuspend`: stops the vCPUs; the memory stays where it is. @throws GoneError, RemoteError */
export function suspendDomain(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(target, options, ({ connection, ref }) => connection.domains.suspend(ref, options));
}
