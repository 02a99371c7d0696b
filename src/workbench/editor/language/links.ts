import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import { objectUri } from '../../ui/domain-uri.ts';
import { linksIn, type Reference } from './references.ts';
import type { HostOffer } from '../../../language/checks/host-offer.ts';
import type { HostOffers } from '../../../model/inventory/facts/host-offers.ts';
import type { LibvirtDocuments } from './libvirt-documents.ts';

/** Leads from a network, pool, volume or image of a domain to its own XML. */
export class Links implements vscode.DocumentLinkProvider {
  readonly #documents: LibvirtDocuments;
  readonly #offers: HostOffers;

  constructor(documents: LibvirtDocuments, offers: HostOffers) {
    this.#documents = documents;
    this.#offers = offers;
  }

  async provideDocumentLinks(source: vscode.TextDocument): Promise<vscode.DocumentLink[]> {
    const document = this.#documents.get(source);
    if (document?.host === undefined) return [];
    const { host, xml } = document;
    const found = linksIn(xml);
    if (found.length === 0) return [];
    const offer = await this.#offers.get(host);
    if (offer === undefined) return [];
    return found.flatMap((reference) => {
      const target = targetOf(reference, host, offer);
      return target === undefined ? [] : [new vscode.DocumentLink(document.range(reference), target)];
    });
  }
}

function targetOf(reference: Reference, { alias }: Host, offer: HostOffer): vscode.Uri | undefined {
  if (reference.kind === 'network') {
    const network = offer.networks.find(({ name }) => name === reference.name);
    return network && objectUri({ kind: 'network', host: alias, key: network.uuid }, network.name);
  }
  for (const pool of offer.pools) {
    if (reference.kind === 'pool' && pool.name === reference.name)
      return objectUri({ kind: 'pool', host: alias, key: pool.uuid }, pool.name);
    const volume = pool.volumes?.find(({ name, path }) =>
      reference.kind === 'volume'
        ? pool.name === reference.pool && name === reference.name
        : path === reference.name,
    );
    if (volume !== undefined && reference.kind !== 'pool')
      return objectUri({ kind: 'volume', host: alias, key: volume.name, parent: pool.uuid }, volume.name);
  }
  return undefined;
}
