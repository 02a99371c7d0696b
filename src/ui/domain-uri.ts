import * as vscode from 'vscode';
import { DomainTarget } from '../inventory/domain-target.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { displayName } from './names.ts';

/** The scheme of documents that show what is on a host. */
export const LIBVIRT_SCHEME = 'libvirt';

/** The address of a domain's XML: it is found by its UUID; the name is only there to be read in the tab. */
export function domainUri({ host, uuid, record }: DomainTarget): vscode.Uri {
  const file = `${displayName(record?.name ?? uuid).replaceAll('/', '∕')}.xml`;
  return vscode.Uri.from({
    scheme: LIBVIRT_SCHEME,
    path: `/domain/${file}`,
    query: new URLSearchParams({ host: host.id, uuid }).toString(),
  });
}

/** Undefined when the address is not one of ours or its host is not configured any more. */
export function domainOf(uri: vscode.Uri, inventory: Inventory): DomainTarget | undefined {
  const query = new URLSearchParams(uri.query);
  const host = inventory.host(query.get('host') ?? '');
  const uuid = query.get('uuid');
  return host === undefined || uuid === null ? undefined : new DomainTarget(host, uuid);
}
