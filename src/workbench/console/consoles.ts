import * as vscode from 'vscode';
import type { DomainTarget } from '../../model/inventory/domain-target.ts';
import type { Connector } from '../../model/inventory/host.ts';
import type { Inventory } from '../../model/inventory/inventory.ts';
import { register } from '../ui/commands.ts';
import type { Presenter } from '../ui/presenter.ts';
import type { SerialConsoles } from './serial/consoles.ts';

export interface ConsoleParts {
  readonly inventory: Inventory;
  readonly presenter: Presenter;
  readonly connector: Connector;
  /** Where output is kept: private to this user. */
  readonly storage: vscode.Uri;
  /** Remembers which consoles were open. */
  readonly memory: vscode.Memento;
  /** Opens the XML of a domain: of the commands. */
  readonly editXml: (target: DomainTarget) => Promise<void>;
}

export interface OpenOptions {
  /** The editor keeps the keyboard. */
  readonly preserveFocus?: boolean;
  /** Without a question where there are several ports: the first. */
  readonly first?: boolean;
  /** In the editor area, beside what is open there, so that a panel does not cover it. */
  readonly beside?: boolean;
}

/** The consoles of guests as terminals. Nothing is loaded before the first one is opened. */
export class Consoles implements vscode.Disposable {
  readonly #parts: ConsoleParts;
  readonly #disposables: vscode.Disposable[];
  #loaded: Promise<SerialConsoles> | undefined;

  constructor(parts: ConsoleParts) {
    this.#parts = parts;
    this.#disposables = [
      register('kvm.console.sendBreak', async () => (await this.#load()).sendBreak()),
      register('kvm.console.startLog', async () => (await this.#load()).startLog()),
      register('kvm.console.stopLog', async () => (await this.#load()).stopLog()),
      vscode.window.registerTerminalProfileProvider('kvm.console', {
        provideTerminalProfile: async (token) => (await this.#load()).provideProfile(token),
      }),
    ];
  }

  /**
   * Shows a domain's serial console in a terminal, the one that is open already if there is one. It follows the
   * domain over shutdowns and starts. Settles when it is attached or waits for the domain to start: a guest that
   * is started paused before, and resumed afterwards, is seen from its first byte on. False when there is none to
   * be shown, of which the person has been told.
   */
  async open(target: DomainTarget, options: OpenOptions = {}): Promise<boolean> {
    return (await this.#load()).open(target, options);
  }

  /** Closes a domain's consoles, and forgets them. */
  async close(target: DomainTarget): Promise<void> {
    (await this.#loaded)?.close(target);
  }

  /** Those that were open before VS Code was closed, once their hosts are known. */
  async restore(): Promise<void> {
    const { wereOpen } = await import('./serial/memory.ts');
    if (wereOpen(this.#parts.memory).length > 0) await (await this.#load()).restore();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    void this.#loaded?.then((consoles) => consoles.dispose());
  }

  #load(): Promise<SerialConsoles> {
    this.#loaded ??= import('./serial/consoles.ts').then(
      ({ SerialConsoles }) => new SerialConsoles(this.#parts),
    );
    return this.#loaded;
  }
}
