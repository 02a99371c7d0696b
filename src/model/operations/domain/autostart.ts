import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { OperationOptions } from '../operation.ts';
import { changeDomain } from './on-domain.ts';

/** Whether the domain is started with its host. */
export interface AutostartChoices {
  readonly enabled: boolean;
}

/** `virDomainSetAutostart`, which has no event. @throws GoneError, RemoteError */
export function setAutostart(
  target: DomainTarget,
  { enabled }: AutostartChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(target, options, ({ connection, ref }) =>
    connection.domains.setAutostart(ref, enabled, options),
  );
}
