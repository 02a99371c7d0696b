import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CommandId } from '../../manifest/commands.ts';
import { describeGuest } from './items.ts';
import type { Environments } from '../environments.ts';

/** How many of the workspace's guests run, in the status bar; a click leads to their view. */
export class StatusItem implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #environments: Environments;

  constructor(environments: Environments) {
    this.#environments = environments;
    this.#item = vscode.window.createStatusBarItem('kvm.environment', vscode.StatusBarAlignment.Left, 5);
    this.#item.name = t('KVM Workspace Guests');
    const showStatus: CommandId = 'kvm.environment.status';
    this.#item.command = showStatus;
    environments.onDidChange(() => this.#update());
    this.#update();
  }

  dispose(): void {
    this.#item.dispose();
  }

  #update(): void {
    const guests = this.#environments.entries.flatMap((entry) =>
      entry.guests.map(({ name }) => ({ entry, name })),
    );
    if (guests.length === 0) {
      this.#item.hide();
      return;
    }
    const running = guests.filter(({ entry, name }) => {
      const status = entry.status(name);
      return status?.kind === 'there' && status.running;
    });
    const busy = this.#environments.entries.some((entry) => entry.isBusy);
    const text = t('{0} of {1} guests', running.length, guests.length);
    this.#item.text = `$(${busy ? 'loading~spin' : 'vm'}) ${text}`;
    this.#item.accessibilityInformation = {
      label: t('{0} of {1} guests of kvm.yaml run', running.length, guests.length),
    };
    const tooltip = new vscode.MarkdownString(`${t('Guests of this workspace')}\n\n`);
    for (const { entry, name } of guests)
      tooltip.appendText(`${name}: ${describeGuest(entry, name)}`).appendMarkdown('  \n');
    this.#item.tooltip = tooltip;
    this.#item.show();
  }
}
