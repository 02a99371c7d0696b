import * as vscode from 'vscode';
import type { HostDefinition } from '../../model/inventory/host.ts';
import type { Inventory } from '../../model/inventory/inventory.ts';
import type { Presenter } from './presenter.ts';
import { configuredHosts, showsLocalHosts } from './settings.ts';

/** Keeps the inventory's hosts as this machine and the settings have them. */
export class HostList implements vscode.Disposable {
  readonly #inventory: Inventory;
  readonly #presenter: Presenter;
  readonly #listener: vscode.Disposable;
  #latest: Promise<void> = Promise.resolve();

  constructor(inventory: Inventory, presenter: Presenter) {
    this.#inventory = inventory;
    this.#presenter = presenter;
    this.#listener = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('kvm')) void this.update();
    });
  }

  /** Looks again; one look after the other, so that the last one wins. Never rejects. */
  update(): Promise<void> {
    this.#latest = this.#latest
      .then(() => this.#look())
      .catch((error: unknown) => this.#presenter.background('Could not list the hosts', error));
    return this.#latest;
  }

  dispose(): void {
    this.#listener.dispose();
  }

  async #look(): Promise<void> {
    const isHidden = !showsLocalHosts();
    const local = isHidden ? [] : await localHosts();
    const configured = configuredHosts().map((host) => ({ ...host, origin: 'configured' as const }));
    this.#inventory.setHosts([...local, ...configured]);
    // What an empty view says depends on whether anybody looked.
    await vscode.commands.executeCommand('setContext', 'kvm.localHidden', isHidden);
    await vscode.commands.executeCommand('setContext', 'kvm.ready', true);
  }
}

/** Looking for sockets is left until the start is over. */
async function localHosts(): Promise<readonly HostDefinition[]> {
  const { findLocalHosts } = await import('../../model/inventory/local-hosts.ts');
  return findLocalHosts();
}
