import * as vscode from 'vscode';
import { refOf } from '../inventory/domain-record.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { DomainXml } from '../libvirt/domain.ts';
import { domainOf, LIBVIRT_SCHEME } from '../ui/domain-uri.ts';

/** Serves the XML of domains as read-only documents, which follow what happens to their domain. */
export class DomainDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly onDidChange: vscode.Event<vscode.Uri>;
  readonly #inventory: Inventory;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #disposables: vscode.Disposable[];

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
    this.onDidChange = this.#changed.event;
    this.#disposables = [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(LIBVIRT_SCHEME, this),
      new vscode.Disposable(
        inventory.onChange((change) => {
          if (change.kind === 'host' && change.change.kind === 'domains')
            this.#refresh(new Set(change.change.changed));
        }),
      ),
    ];
  }

  /** The persistent definition where there is one, without passwords. */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const target = domainOf(uri, this.#inventory);
    if (target === undefined) throw new Error('The host of this document is not configured any more');
    const connection = await target.host.connect();
    const { record } = target;
    if (record === undefined) throw new Error('The domain is no longer there');
    return connection.domains.xml(refOf(record), record.persistent ? DomainXml.INACTIVE : 0);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #refresh(changed: ReadonlySet<string>): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme !== LIBVIRT_SCHEME) continue;
      const target = domainOf(uri, this.#inventory);
      if (target !== undefined && changed.has(target.uuid)) this.#changed.fire(uri);
    }
  }
}
