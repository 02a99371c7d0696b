import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { changeDomain } from './on-domain.ts';

/** `virDomainManagedSaveRemove`: deletes the saved memory, so that the next start is a fresh boot. @throws GoneError, RemoteError */
export function discardManagedSave(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(target, options, ({ connection, ref }) =>
    connection.domains.removeManagedSave(ref, options),
  );
}
