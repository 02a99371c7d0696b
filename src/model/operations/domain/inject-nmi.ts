import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { changeDomain } from './on-domain.ts';

/** `virDomainInjectNMI`: a hung Linux answers it with its stacks where it is told to (`kernel.unknown_nmi_panic`). @throws GoneError, RemoteError */
export function injectNmi(target: DomainTarget, _: NoChoices, options: OperationOptions = {}): Promise<void> {
  return changeDomain(target, options, ({ connection, ref }) =>
    connection.domainGuests.injectNmi(ref, options),
  );
}
