import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import { objectUri } from '../../ui/domain-uri.ts';
import { linksIn, type Reference } from './references.ts';
import type { FactCache } from './host/fact-cache.ts';
import type { HostFacts } from './host/host-facts.ts';
import type { LibvirtDocuments } from './libvirt-documents.ts';

/** Leads from a network, pool, volume or image of a domain to its own XML. */
export class Links implements vscode.DocumentLinkProvider {
  readonly #documents: LibvirtDocuments;
  readonly #facts: FactCache;

  constructor(documents: LibvirtDocuments, facts: FactCache) {
    this.#documents = documents;
    this.#facts = facts;
  }

  async provideDocumentLinks(source: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
    const document = this.#documents.get(source);
    if (document?.host === undefined) return [];
    const { host, xml } = document;
    const found = linksIn(xml);
    if (found.length === 0) return [];
    const facts = await this.#facts.get(host);
    if (facts === undefined) return [];
    return found.flatMap((reference) => {
      const target = targetOf(reference, host, facts);
      return target === undefined ? [] : [new vscode.DocumentLink(document.range(reference), target)];
    });
  }
}

function targetOf(reference: Reference, { id }: Host, facts: HostFacts): vscode.Uri | undefined {
  if (reference.kind === 'network') {
    const network = facts.networks.find(({ name }) => name === reference.name);
    return network && objectUri({ kind: 'network', host: id, key: network.uuid }, network.name);
  }
  for (const pool of facts.pools) {
    if (reference.kind === 'pool' && pool.name === reference.name)
      return objectUri({ kind: 'pool', host: id, key: pool.uuid }, pool.name);
    const volume = pool.volumes?.find(({ name, path }) =>
      reference.kind === 'volume'
        ? pool.name === reference.pool && name === reference.name
        : path === reference.name,
    );
    if (volume !== undefined && reference.kind !== 'pool')
      return objectUri({ kind: 'volume', host: id, key: volume.name, parent: pool.uuid }, volume.name);
  }
  return undefined;
}
