import type * as vscode from 'vscode';
import type { Finding } from '../../../../language/checks/finding.ts';
import type { LibvirtDocument } from '../libvirt-documents.ts';
import { checkAgainstHost } from './check-against-host.ts';
import { machineOf } from './domain-machine.ts';
import type { FactCache } from './fact-cache.ts';

/** What a document's host cannot do, as far as is known by now. */
export class HostWarnings {
  /** More is known now. */
  readonly onDidChange: vscode.Event<void>;
  readonly #cache: FactCache;

  constructor(cache: FactCache) {
    this.#cache = cache;
    this.onDidChange = cache.onDidChange;
  }

  of({ host, xml, kind }: LibvirtDocument): readonly Finding[] {
    const { root } = xml;
    if (host === undefined || root === undefined || kind !== 'domain') return [];
    const facts = this.#cache.now(host);
    if (facts === undefined) return [];
    const machine = machineOf(root, facts);
    return checkAgainstHost(root, host.name, facts, machine, this.#cache.domainNow(host, machine.query));
  }
}
