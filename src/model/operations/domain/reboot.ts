import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { changeDomain } from './on-domain.ts';

/** `virDomainReboot`: asks the guest to restart itself, which it need not do. @throws GoneError, RemoteError */
export function rebootDomain(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(target, options, ({ connection, ref }) => connection.domains.reboot(ref, 0, options));
}
