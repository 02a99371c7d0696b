import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import { objectUri } from '../../ui/domain-uri.ts';
import { linksIn, type Reference } from './references.ts';
import { type FoundFile, OfferIndex } from '../../../language/checks/offer-index.ts';
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
    const index = new OfferIndex(offer);
    return found.flatMap((reference) => {
      const target = targetOf(reference, host, index);
      return target === undefined ? [] : [new vscode.DocumentLink(document.range(reference), target)];
    });
  }
}

function targetOf(reference: Reference, { alias }: Host, index: OfferIndex): vscode.Uri | undefined {
  if (reference.kind === 'network') {
    const network = index.network(reference.name);
    return network && objectUri({ kind: 'network', host: alias, key: network.uuid }, network.name);
  }
  if (reference.kind === 'pool') {
    const pool = index.pool(reference.name)?.offer;
    return pool && objectUri({ kind: 'pool', host: alias, key: pool.uuid }, pool.name);
  }
  const found = reference.kind === 'file' ? index.file(reference.name) : volumeOf(reference, index);
  if (found === undefined) return undefined;
  const { pool, volume } = found;
  return objectUri({ kind: 'volume', host: alias, key: volume.name, parent: pool.uuid }, volume.name);
}

function volumeOf({ pool: poolName = '', name }: Reference, index: OfferIndex): FoundFile | undefined {
  const pool = index.pool(poolName);
  const volume = pool?.volume(name);
  return pool === undefined || volume === undefined ? undefined : { pool: pool.offer, volume };
}
