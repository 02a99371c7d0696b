import * as vscode from 'vscode';
import type { DomainTarget } from '../../model/inventory/domain-target.ts';
import { entriesOf, register } from '../ui/commands.ts';
import { DisposableList } from '../ui/disposable-list.ts';
import { Lazy } from '../ui/lazy.ts';
import type { DisplayPanels } from './display/panels.ts';
import { DISPLAY_COMMANDS, type DisplayParts } from './display/parts.ts';

/** The screens of guests in editor tabs. Nothing is loaded before the first one is opened. */
export class Displays implements vscode.Disposable {
  readonly #panels: Lazy<DisplayPanels>;
  readonly #disposables: DisposableList;

  constructor(parts: DisplayParts) {
    this.#panels = new Lazy(async () => {
      const { DisplayPanels } = await import('./display/panels.ts');
      return new DisplayPanels(parts);
    });
    this.#disposables = new DisposableList(
      this.#panels,
      ...entriesOf(DISPLAY_COMMANDS).map(([id, command]) =>
        register(id, async () => (await this.#panels.get()).run(command)),
      ),
      vscode.window.registerWebviewPanelSerializer('kvm.display', {
        deserializeWebviewPanel: async (panel, state) => (await this.#panels.get()).restore(panel, state),
      }),
    );
  }

  /** Shows a domain's screen: in the tab that it has already, if there is one. */
  async open(target: DomainTarget): Promise<void> {
    (await this.#panels.get()).open(target);
  }

  /** Keeps a picture of a running domain's screen as a file. */
  async takeScreenshot(target: DomainTarget): Promise<void> {
    await (await this.#panels.get()).takeScreenshot(target);
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}
