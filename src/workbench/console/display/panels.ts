import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { quoted } from '../../ui/names.ts';
import { CLIPBOARD_MAX } from '../../../webview/display/messages.ts';
import { CHORDS } from './keys.ts';
import { DISPLAY_VIEW, DisplayPanel } from './panel.ts';
import type { DisplayCommand, DisplayParts } from './parts.ts';
import { saveScreenshot } from './screenshot.ts';
import { typeText } from './type-text.ts';
import { inform } from '../../ui/notices.ts';
import { choose } from '../../ui/choose.ts';

/** All displays that are open in this window. */
export class DisplayPanels implements vscode.Disposable {
  readonly #parts: DisplayParts;
  readonly #open = new Set<DisplayPanel>();

  constructor(parts: DisplayParts) {
    this.#parts = parts;
  }

  open(target: DomainTarget): void {
    const known = [...this.#open].find((display) => display.target.id === target.id);
    if (known === undefined) this.#create(target);
    else known.panel.reveal();
  }

  /** One that was open when VS Code was closed. */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { host: id, uuid } = (state ?? {}) as Partial<Record<string, unknown>>;
    const host = typeof id === 'string' ? this.#parts.inventory.host(id) : undefined;
    if (host === undefined || typeof uuid !== 'string') panel.dispose();
    else this.#keep(new DomainTarget(host, uuid), panel);
    await Promise.resolve();
  }

  async run(command: DisplayCommand): Promise<void> {
    const display = this.#active();
    if (display === undefined) return;
    switch (command) {
      case 'sendKeys':
        return sendKeys(display);
      case 'paste':
        return this.#sendClipboard(display, 'paste');
      case 'typeText':
        return this.#sendClipboard(display, 'type');
      case 'fit':
        display.setScale('fit');
        break;
      case 'actualSize':
        display.setScale('actual');
        break;
      case 'lookOnly':
        display.setViewOnly(true);
        break;
      case 'allowInput':
        display.setViewOnly(false);
        break;
      case 'fullScreen':
        await vscode.commands.executeCommand('workbench.action.toggleZenMode');
        break;
      case 'screenshot':
        return this.takeScreenshot(display.target);
      case 'another':
        this.#create(display.target, vscode.ViewColumn.Beside);
        break;
    }
    this.#followActive();
  }

  async takeScreenshot(target: DomainTarget): Promise<void> {
    try {
      await saveScreenshot(target);
    } catch (error) {
      const name = quoted(target.name);
      await this.#parts.presenter.failure(t('Could not take a screenshot of {0}.', name), error);
    }
  }

  dispose(): void {
    for (const display of this.#open) display.dispose();
  }

  #create(target: DomainTarget, column = vscode.ViewColumn.Active): void {
    this.#keep(target, vscode.window.createWebviewPanel(DISPLAY_VIEW, '', column));
  }

  #keep(target: DomainTarget, panel: vscode.WebviewPanel): void {
    const { presenter, extensionUri, start, resume } = this.#parts;
    const display = new DisplayPanel({
      target,
      panel,
      extensionUri,
      presenter,
      start: (domain) => void start(domain),
      resume: (domain) => void resume(domain),
    });
    this.#open.add(display);
    panel.onDidDispose(() => {
      this.#open.delete(display);
      display.dispose();
    });
    panel.onDidChangeViewState(() => this.#followActive());
    this.#followActive();
  }

  #active(): DisplayPanel | undefined {
    return [...this.#open].find(({ panel }) => panel.active);
  }

  /** Tells VS Code the state of the active display, which decides on the buttons above it. */
  #followActive(): void {
    const active = this.#active();
    if (active === undefined) return;
    void vscode.commands.executeCommand('setContext', 'kvm.display.scale', active.scale);
    void vscode.commands.executeCommand('setContext', 'kvm.display.viewOnly', active.viewOnly);
  }

  async #sendClipboard(display: DisplayPanel, type: 'paste' | 'type'): Promise<void> {
    const text = await vscode.env.clipboard.readText();
    if (text.length > CLIPBOARD_MAX) {
      await inform(t('Nothing was sent: the clipboard holds more than {0} characters.', CLIPBOARD_MAX));
    } else if (type === 'paste') display.send({ type, text });
    else await typeText(display, text);
  }
}

async function sendKeys(display: DisplayPanel): Promise<void> {
  const items = CHORDS.map(({ label, keys }) => ({ label: label(), keys }));
  const chord = await choose(items, { placeHolder: t('Send Which Keys?') });
  display.panel.reveal();
  if (chord !== undefined) display.send({ type: 'keys', keys: chord.keys });
}
