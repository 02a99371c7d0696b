import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import type { Host } from '../../inventory/host.ts';
import type { OperationOptions } from '../operation.ts';

/** The XML of the domain. */
export interface DefineChoices {
  readonly xml: string;
}

/** `virDomainDefineXMLFlags`: a persistent domain; one with its UUID and name gets the new definition. @throws RemoteError */
export async function defineDomain(
  host: Host,
  { xml }: DefineChoices,
  options: OperationOptions = {},
): Promise<DomainRef> {
  const { domains } = await host.connect();
  const ref = await domains.defineXml(xml, 0, options);
  await host.refresh({ kind: 'domain', key: ref.uuid }).catch(() => undefined);
  return ref;
}
