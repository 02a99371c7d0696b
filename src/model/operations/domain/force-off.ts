import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { changeDomain } from './on-domain.ts';

/** `virDomainDestroyFlags`: pulls the power plug. @throws GoneError, RemoteError */
export function forceOffDomain(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(target, options, ({ connection, ref }) => connection.domains.destroy(ref, 0, options));
}
