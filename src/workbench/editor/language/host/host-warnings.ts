import * as vscode from 'vscode';
import type { Finding } from '../../../../language/checks/finding.ts';
import type { LibvirtDocument } from '../libvirt-documents.ts';
import { checkAgainstHost } from '../../../../language/checks/check-against-host.ts';
import { machineOf } from '../../../../language/checks/domain-machine.ts';
import type { HostOffers } from '../../../../model/inventory/facts/host-offers.ts';

/** What a document's host cannot do, as far as is known by now. */
export class HostWarnings {
  /** More is known now. */
  readonly onDidChange: (listener: () => void) => vscode.Disposable;
  readonly #offers: HostOffers;

  constructor(offers: HostOffers) {
    this.#offers = offers;
    this.onDidChange = (listener) => new vscode.Disposable(offers.onChange(listener));
  }

  of({ host, xml, kind }: LibvirtDocument): readonly Finding[] {
    const { root } = xml;
    if (host === undefined || root === undefined || kind !== 'domain') return [];
    const offer = this.#offers.now(host);
    if (offer === undefined) return [];
    const machine = machineOf(root, offer);
    return checkAgainstHost(root, host.name, offer, machine, this.#offers.machineNow(host, machine.query));
  }
}
