import type { DomainTarget } from '../../inventory/domain-target.ts';
import { isPausedForWork } from '../../inventory/kinds/domain-record.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { askDomain } from './on-domain.ts';

/**
 * Whether a domain is paused for work that nobody does any more: a libvirt that died in the middle of a dump does not
 * let its guest go on when it is back. @throws GoneError, RemoteError
 */
export function isLeftPaused(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<boolean> {
  return askDomain(target, async ({ connection, ref }) => {
    const { record } = target;
    if (record === undefined || !isPausedForWork(record)) return false;
    return (await connection.domainJobs.info(ref, options)).state === 'none';
  });
}
