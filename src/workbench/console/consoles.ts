import * as vscode from 'vscode';
import type { DomainTarget } from '../../model/inventory/domain-target.ts';
import { register } from '../ui/commands.ts';
import { DisposableList } from '../ui/disposable-list.ts';
import { Lazy } from '../ui/lazy.ts';
import type { SerialConsoles } from './serial/consoles.ts';
import type { ConsoleParts, OpenOptions } from './serial/parts.ts';

/** The consoles of guests as terminals. Nothing is loaded before the first one is opened. */
export class Consoles implements vscode.Disposable {
  readonly #parts: ConsoleParts;
  readonly #consoles: Lazy<SerialConsoles>;
  readonly #disposables: DisposableList;

  constructor(parts: ConsoleParts) {
    this.#parts = parts;
    this.#consoles = new Lazy(async () => {
      const { SerialConsoles } = await import('./serial/consoles.ts');
      return new SerialConsoles(parts);
    });
    this.#disposables = new DisposableList(
      this.#consoles,
      register('kvm.console.sendBreak', async () => (await this.#consoles.get()).sendBreak()),
      register('kvm.console.startLog', async () => (await this.#consoles.get()).startLog()),
      register('kvm.console.stopLog', async () => (await this.#consoles.get()).stopLog()),
      vscode.window.registerTerminalProfileProvider('kvm.console', {
        provideTerminalProfile: async (token) => (await this.#consoles.get()).provideProfile(token),
      }),
    );
  }

  /**
   * Shows a domain's serial console in a terminal, the one that is open already if there is one. It follows the
   * domain over shutdowns and starts. Settles when it is attached or waits for the domain to start: start a guest
   * paused, open its console, then resume it to see its first byte. False when there is no console to show; the
   * person has been told so.
   */
  async open(target: DomainTarget, options: OpenOptions = {}): Promise<boolean> {
    return (await this.#consoles.get()).open(target, options);
  }

  /** Closes a domain's consoles, and forgets them. */
  async close(target: DomainTarget): Promise<void> {
    (await this.#consoles.peek())?.close(target);
  }

  /** Opens the consoles that were open before VS Code was closed. Call it once the hosts are known. */
  async restore(): Promise<void> {
    const { wereOpen } = await import('./serial/memory.ts');
    if (wereOpen(this.#parts.memory).length > 0) await (await this.#consoles.get()).restore();
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}
