import { DomainXml } from '../../../client/libvirt/domain/domain.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { askDomain, recordOf } from './on-domain.ts';

/**
 * `virDomainGetXMLDesc`: the persistent definition where there is one, else how the domain runs. Without passwords.
 * @throws GoneError, RemoteError
 */
export function readDefinition(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<string> {
  return askDomain(target, ({ connection, ref }) =>
    connection.domains.xml(ref, recordOf(target).persistent ? DomainXml.INACTIVE : 0, options),
  );
}
