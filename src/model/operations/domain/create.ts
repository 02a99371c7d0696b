import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { childElement, textOf } from '../../../language/xml/tree.ts';
import { parseDocument } from '../../../language/xml/parse.ts';
import type { Host } from '../../inventory/host.ts';
import type { OperationOptions } from '../operation.ts';
import { explainingDisks } from './explain-disks.ts';
import { type StartChoices, startWatched } from './start.ts';

/** The XML of the domain, and how it is started. */
export type CreateChoices = StartChoices & { readonly xml: string };

/**
 * `virDomainCreateXML`: a transient domain, which is gone when it stops. Who watches for the UUID that its XML names
 * sees it from its first instruction on. @throws RemoteError, DiskError
 */
export async function createDomain(
  host: Host,
  { xml, ...choices }: CreateChoices,
  options: OperationOptions = {},
): Promise<DomainRef> {
  const connection = await host.connect();
  const created = await startWatched(host, connection, uuidIn(xml), choices, (flags) =>
    explainingDisks(
      connection,
      async () => xml,
      () => connection.domains.createXml(xml, flags, options),
    ),
  );
  await host.refresh({ kind: 'domain', key: created.uuid }).catch(() => undefined);
  return created;
}

/** As libvirt writes it: a person may leave out the dashes or write capitals. */
function uuidIn(xml: string): string | undefined {
  const { root } = parseDocument(xml);
  const element = root && childElement(root, 'uuid');
  const plain = element && textOf(element).trim().replaceAll('-', '').toLowerCase();
  return plain?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
