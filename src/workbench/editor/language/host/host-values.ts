import type * as vscode from 'vscode';
import type { Completion } from '../../../../language/schema/complete.ts';
import type { LibvirtDocument } from '../libvirt-documents.ts';
import { machineOf } from '../../../../language/checks/domain-machine.ts';
import type { HostOffers } from '../../../../model/inventory/facts/host-offers.ts';
import { valuesFor, type HostValue } from './values-for.ts';

/** The longest that a completion waits for a host. An answer that comes later is used the next time. */
const PATIENCE_MS = 1500;

/** Values that a document's host has to offer. */
export class HostValues {
  readonly #offers: HostOffers;

  constructor(offers: HostOffers) {
    this.#offers = offers;
  }

  async of(
    { host, xml }: LibvirtDocument,
    { element, attribute }: Completion,
    token: vscode.CancellationToken,
  ): Promise<readonly HostValue[]> {
    const { root } = xml;
    if (host === undefined || element === undefined || root === undefined) return [];
    const offer = await soon(this.#offers.get(host));
    if (offer === undefined || token.isCancellationRequested) return [];
    const needsDomain = element.key === 'model' || element.key === 'loader';
    const query = needsDomain ? machineOf(root, offer).query : undefined;
    const domain = query && (await soon(this.#offers.machine(host, query)));
    return valuesFor({ root, element, attribute: attribute?.key }, offer, domain);
  }
}

async function soon<T>(answer: Promise<T | undefined>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
  });
  try {
    return await Promise.race([answer.catch(() => undefined), patience]);
  } finally {
    clearTimeout(timer);
  }
}
