import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { changeDomain } from './on-domain.ts';

/** `virDomainReset`: presses the reset button. The guest has no chance to write anything. @throws GoneError, RemoteError */
export function resetDomain(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(target, options, ({ connection, ref }) => connection.domains.reset(ref, options));
}
