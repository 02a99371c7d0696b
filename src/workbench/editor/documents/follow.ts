import * as vscode from 'vscode';
import type { Host, ObjectsChange, Watch } from '../../../model/inventory/host.ts';
import type { InventoryChange } from '../../../model/inventory/inventory.ts';
import type { ObjectRecord } from '../../../model/inventory/kinds/kind.ts';
import { kindOf } from '../../../model/inventory/kinds/kinds.ts';
import type { DocumentContext } from './document-context.ts';
import type { Entry } from './entry.ts';

interface Followed {
  entries(): Iterable<Entry>;
  refresh(entry: Entry): Promise<void>;
}

/**
 * Looks again at open documents when their host tells of a change and, since libvirt has no event for some changes
 * of definitions, when a person comes back to one.
 */
export class Follower implements vscode.Disposable {
  readonly #context: DocumentContext;
  readonly #followed: Followed;
  readonly #watches = new Map<string, Watch<ObjectRecord>>();
  readonly #disposables: vscode.Disposable[];

  constructor(context: DocumentContext, followed: Followed) {
    this.#context = context;
    this.#followed = followed;
    this.#disposables = [
      new vscode.Disposable(context.inventory.onChange((change) => this.#follow(change))),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.#lookAt(editor)),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.#lookAt(vscode.window.activeTextEditor);
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    for (const watch of this.#watches.values()) watch.dispose();
  }

  /** Follows exactly the kinds of the open documents. Call it when documents come or go. */
  follow(): void {
    const wanted = new Map<string, () => Watch<ObjectRecord>>();
    for (const { address } of this.#followed.entries()) {
      const host = this.#context.inventory.hostByAlias(address.host);
      // An object inside another one changes when that one does.
      const kind = kindOf(kindOf(address.kind).parent ?? address.kind);
      // A kind without events cannot be followed.
      if (host === undefined || kind.follow === undefined) continue;
      wanted.set(`${kind.name} ${host.id}`, () => host.watch(kind));
    }
    for (const [id, watch] of this.#watches) {
      if (wanted.has(id)) continue;
      watch.dispose();
      this.#watches.delete(id);
    }
    for (const [id, watch] of wanted) if (!this.#watches.has(id)) this.#watches.set(id, watch());
  }

  #follow(change: InventoryChange): void {
    if (change.kind === 'hosts') this.follow();
    else if (change.change.kind === 'objects') this.#refreshTouched(change.host, change.change);
    else if (change.host.status.kind === 'connected')
      this.#refresh(({ address }) => this.#context.inventory.hostByAlias(address.host) === change.host);
  }

  #refreshTouched(host: Host, { touched }: ObjectsChange): void {
    const keys = new Set(touched);
    this.#refresh(
      ({ address }) =>
        this.#context.inventory.hostByAlias(address.host) === host &&
        (keys.has(address.key) || (address.parent !== undefined && keys.has(address.parent))),
    );
  }

  /** Connects to no host: only opening and saving do. */
  #lookAt(editor: vscode.TextEditor | undefined): void {
    const key = editor?.document.uri.toString();
    this.#refresh(({ uri }) => uri.toString() === key);
  }

  #refresh(concerned: (entry: Entry) => boolean): void {
    for (const entry of this.#followed.entries()) {
      const host = this.#context.inventory.hostByAlias(entry.address.host);
      if (!concerned(entry) || !isOpen(entry) || host?.status.kind !== 'connected') continue;
      this.#followed.refresh(entry).catch((error: unknown) => {
        this.#context.presenter.background(`Could not read ${entry.uri.path} again`, error);
      });
    }
  }
}

function isOpen({ uri }: Entry): boolean {
  const key = uri.toString();
  return vscode.workspace.textDocuments.some((document) => document.uri.toString() === key);
}
