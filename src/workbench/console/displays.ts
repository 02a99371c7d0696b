import * as vscode from 'vscode';
import type { DomainTarget } from '../../model/inventory/domain-target.ts';
import type { Inventory } from '../../model/inventory/inventory.ts';
import type { CommandsOf } from '../manifest/commands.ts';
import { entriesOf, register } from '../ui/commands.ts';
import type { Presenter } from '../ui/presenter.ts';
import type { DisplayPanels } from './display/panels.ts';

export interface DisplayParts {
  readonly inventory: Inventory;
  readonly presenter: Presenter;
  readonly extensionUri: vscode.Uri;
  /** Starts a domain that is shut off: of the commands. */
  readonly start: (target: DomainTarget) => Promise<void>;
}

/** What the buttons and menus of a display do. */
const COMMANDS = {
  'kvm.display.sendKeys': 'sendKeys',
  'kvm.display.paste': 'paste',
  'kvm.display.typeText': 'typeText',
  'kvm.display.fit': 'fit',
  'kvm.display.actualSize': 'actualSize',
  'kvm.display.lookOnly': 'lookOnly',
  'kvm.display.allowInput': 'allowInput',
  'kvm.display.fullScreen': 'fullScreen',
  'kvm.display.screenshot': 'screenshot',
  'kvm.display.another': 'another',
} as const satisfies Readonly<Record<CommandsOf<'kvm.display'>, string>>;

export type DisplayCommand = (typeof COMMANDS)[keyof typeof COMMANDS];

/** The screens of guests in editor tabs. Nothing is loaded before the first one is opened. */
export class Displays implements vscode.Disposable {
  readonly #parts: DisplayParts;
  readonly #disposables: vscode.Disposable[];
  #loaded: Promise<DisplayPanels> | undefined;

  constructor(parts: DisplayParts) {
    this.#parts = parts;
    this.#disposables = [
      ...entriesOf(COMMANDS).map(([id, command]) =>
        register(id, async () => (await this.#load()).run(command)),
      ),
      vscode.window.registerWebviewPanelSerializer('kvm.display', {
        deserializeWebviewPanel: async (panel, state) => (await this.#load()).restore(panel, state),
      }),
    ];
  }

  /** Shows a domain's screen: in the tab that it has already, if there is one. */
  async open(target: DomainTarget): Promise<void> {
    (await this.#load()).open(target);
  }

  /** Keeps a picture of a running domain's screen as a file. */
  async takeScreenshot(target: DomainTarget): Promise<void> {
    await (await this.#load()).takeScreenshot(target);
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    void this.#loaded?.then((panels) => panels.dispose());
  }

  #load(): Promise<DisplayPanels> {
    this.#loaded ??= import('./display/panels.ts').then(
      ({ DisplayPanels }) => new DisplayPanels(this.#parts),
    );
    return this.#loaded;
  }
}
