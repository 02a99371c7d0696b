import type * as vscode from 'vscode';
import type { Completion } from '../../../../language/schema/complete.ts';
import type { LibvirtDocument } from '../libvirt-documents.ts';
import { machineOf } from './domain-machine.ts';
import type { FactCache } from './fact-cache.ts';
import { valuesFor, type HostValue } from './values-for.ts';

/** The longest that a completion waits for a host; what comes later is there the next time. */
const PATIENCE_MS = 1500;

/** Values that a document's host has to offer. */
export class HostValues {
  readonly #cache: FactCache;

  constructor(cache: FactCache) {
    this.#cache = cache;
  }

  async of(
    { host, xml }: LibvirtDocument,
    { element, attribute }: Completion,
    token: vscode.CancellationToken,
  ): Promise<readonly HostValue[]> {
    const { root } = xml;
    if (host === undefined || element === undefined || root === undefined) return [];
    const facts = await soon(this.#cache.get(host));
    if (facts === undefined || token.isCancellationRequested) return [];
    const needsDomain = element.key === 'model' || element.key === 'loader';
    const query = needsDomain ? machineOf(root, facts).query : undefined;
    const domain = query && (await soon(this.#cache.domain(host, query)));
    return valuesFor({ root, element, attribute: attribute?.key }, facts, domain);
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
