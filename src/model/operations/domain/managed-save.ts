import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { withAbortableJob } from './abort-job.ts';
import { changeDomain } from './on-domain.ts';

/**
 * `virDomainManagedSave`: writes the memory to disk and stops; the next start goes on from there. Giving up ends
 * libvirt's job, and the guest runs on. @throws GoneError, RemoteError
 */
export function managedSave(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(target, options, (call) =>
    withAbortableJob(call, options.signal, () => call.connection.domains.managedSave(call.ref)),
  );
}
