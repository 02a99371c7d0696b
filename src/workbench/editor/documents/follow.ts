import * as vscode from 'vscode';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { isLibvirtError } from '../../../client/libvirt/error.ts';
import type { Entry } from './entry.ts';
import type { DocumentContext } from './document-context.ts';

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
  readonly #connections = new WeakSet<Connection>();
  readonly #disposables: vscode.Disposable[];

  constructor(context: DocumentContext, followed: Followed) {
    this.#context = context;
    this.#followed = followed;
    this.#disposables = [
      new vscode.Disposable(
        context.inventory.onChange((change) => {
          if (change.kind !== 'host' || change.change.kind !== 'status') return;
          if (change.host.status.kind === 'connected') void this.follow(change.host.id, true);
        }),
      ),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.#lookAt(editor)),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.#lookAt(vscode.window.activeTextEditor);
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Listens to a host that is connected. Never rejects. */
  async follow(hostId: string, again = false): Promise<void> {
    const host = this.#context.inventory.host(hostId);
    if (host?.status.kind !== 'connected' || !this.#has(hostId)) return;
    try {
      const connection = await host.connect();
      if (!this.#connections.has(connection)) {
        this.#connections.add(connection);
        await this.#listen(connection, hostId);
      }
    } catch (error) {
      this.#context.presenter.background(`While following documents of ${host.name}`, error);
    }
    if (again) this.#refresh(({ address }) => address.host === hostId);
  }

  /** Drivers that know no networks or pools have no events of them. */
  async #listen(connection: Connection, hostId: string): Promise<void> {
    const changed = (uuid: string) =>
      this.#refresh(({ address }) => address.host === hostId && [address.key, address.parent].includes(uuid));
    const subscriptions = await Promise.allSettled([
      connection.domainEvents.on('lifecycle', ({ domain }) => changed(domain.uuid)),
      connection.domainEvents.on('deviceAdded', ({ domain }) => changed(domain.uuid)),
      connection.domainEvents.on('deviceRemoved', ({ domain }) => changed(domain.uuid)),
      connection.domainEvents.on('metadataChange', ({ domain }) => changed(domain.uuid)),
      connection.networks.onLifecycle(({ network }) => changed(network.uuid)),
      connection.storagePools.onLifecycle(({ pool }) => changed(pool.uuid)),
      connection.secrets.onLifecycle(({ secret }) => changed(secret.uuid)),
    ]);
    for (const each of subscriptions)
      if (each.status === 'rejected' && !isLibvirtError(each.reason)) throw each.reason;
  }

  #has(hostId: string): boolean {
    for (const { address } of this.#followed.entries()) if (address.host === hostId) return true;
    return false;
  }

  /** Asks no host to connect: that is for who opens or saves. */
  #lookAt(editor: vscode.TextEditor | undefined): void {
    const key = editor?.document.uri.toString();
    this.#refresh(({ uri }) => uri.toString() === key);
  }

  #refresh(concerned: (entry: Entry) => boolean): void {
    for (const entry of this.#followed.entries()) {
      const host = this.#context.inventory.host(entry.address.host);
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
