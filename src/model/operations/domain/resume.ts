import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { changeDomain } from './on-domain.ts';

/** `virDomainResume`: lets the vCPUs of a paused domain go on. @throws GoneError, RemoteError */
export function resumeDomain(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(target, options, ({ connection, ref }) => connection.domains.resume(ref, options));
}
