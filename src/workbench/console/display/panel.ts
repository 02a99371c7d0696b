import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { conditionOf } from '../../../model/inventory/kinds/domain-record.ts';
import { copyText } from '../../ui/clipboard.ts';
import { displayName } from '../../ui/names.ts';
import { DisposableList } from '../../ui/disposable-list.ts';
import type { Presenter } from '../../ui/presenter.ts';
import { setting } from '../../ui/settings.ts';
import { stateIcon } from '../../ui/state-icon.ts';
import { type Action, fromDisplay, type Scale, type ToDisplay } from '../../../webview/display/messages.ts';
import { blankText, type BlankText, stillText } from './blank-text.ts';
import { keyboardMessage } from './keyboard-words.ts';
import { type Blank, DisplayLink, type LinkOwner } from './link.ts';
import { displayPage } from './page.ts';
import { Remedies } from './remedies.ts';

export const DISPLAY_VIEW = 'kvm.display';

/** What comes between two pictures of the same guest: the last one stays until the next is there. */
const KEEPS_LAST = new Set<Blank['kind']>(['connecting', 'off', 'unreachable']);

export interface PanelOptions {
  readonly target: DomainTarget;
  readonly panel: vscode.WebviewPanel;
  readonly extensionUri: vscode.Uri;
  readonly presenter: Presenter;
  readonly start: (target: DomainTarget) => void;
  readonly resume: (target: DomainTarget) => void;
}

/**
 * A domain's screen in an editor tab. Its page is thrown away while it is hidden, and its connection is closed, so
 * that a hidden display costs nothing; it is back with a whole picture as soon as it is seen.
 */
export class DisplayPanel implements LinkOwner {
  readonly target: DomainTarget;
  readonly panel: vscode.WebviewPanel;
  readonly #options: PanelOptions;
  readonly #link: DisplayLink;
  readonly #remedies: Remedies;
  readonly #disposables: DisposableList;
  #scale: Scale = 'fit';
  #viewOnly = false;
  #client: AbortController | undefined;
  #blank: Blank | undefined;
  #still: BlankText | undefined;
  #icon = '';

  constructor(options: PanelOptions) {
    const { target, panel, extensionUri } = options;
    this.target = target;
    this.panel = panel;
    this.#options = options;
    this.#link = new DisplayLink(target, this);
    this.#remedies = new Remedies(target, options.presenter);
    const scripts = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
    const { webview } = panel;
    webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [scripts] };
    webview.onDidReceiveMessage((message) => this.#hear(message));
    panel.onDidChangeViewState(() => !panel.visible && this.#hide());
    this.#disposables = new DisposableList(
      new vscode.Disposable(target.host.onChange(() => this.#follow())),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('kvm.display')) this.#sendSettings();
      }),
    );
    this.#follow();
    const script = webview.asWebviewUri(vscode.Uri.joinPath(scripts, 'display.js'));
    webview.html = displayPage(String(script), webview.cspSource, languageOfWords());
  }

  get name(): string {
    return this.target.name;
  }

  /** The VNC client of the page, aborted when it is gone; there is none without a picture. */
  get client(): AbortSignal | undefined {
    return this.#client?.signal;
  }

  get scale(): Scale {
    return this.#scale;
  }

  get viewOnly(): boolean {
    return this.#viewOnly;
  }

  setScale(scale: Scale): void {
    this.#scale = scale;
    this.#sendSettings();
  }

  setViewOnly(viewOnly: boolean): void {
    this.#viewOnly = viewOnly;
    this.#sendSettings();
  }

  send(message: ToDisplay): void {
    void this.panel.webview.postMessage(message);
  }

  retry(): void {
    if (this.panel.visible) this.#link.show();
  }

  dispose(): void {
    this.#client?.abort();
    this.#disposables.dispose();
    this.#link.dispose();
  }

  opened(): void {
    this.#client?.abort();
    this.#client = new AbortController();
    this.#blank = undefined;
    this.send({ type: 'open' });
    this.#still = undefined;
    this.#follow();
  }

  data(bytes: Uint8Array): void {
    // A plain copy: VS Code takes Node's own Buffers for objects, and a piece of one along with all of it.
    this.send({ type: 'data', bytes: new Uint8Array(bytes) });
  }

  blank(blank: Blank): void {
    this.#client?.abort();
    this.#client = undefined;
    this.#blank = blank;
    if (blank.kind === 'failed') this.#options.presenter.background(`Display of ${this.name}`, blank.error);
    const keepsLast = KEEPS_LAST.has(blank.kind);
    this.send({ type: 'closed', ...blankText(blank, this.name), keepsLast });
  }

  #hide(): void {
    this.#client?.abort();
    this.#link.hide();
  }

  #hear(raw: unknown): void {
    const message = fromDisplay(raw);
    switch (message?.type) {
      case 'ready':
        this.send({ type: 'remember', host: this.target.host.id, uuid: this.target.uuid });
        this.#sendSettings();
        if (this.panel.visible) this.#link.show();
        break;
      case 'data':
        this.#link.write(message.bytes);
        break;
      case 'taken':
        this.#link.taken(message.bytes);
        break;
      case 'clipboard':
        // A guest that nobody looks at has no say in it.
        if (this.panel.active && !this.#viewOnly && mayFillClipboard(message.afterInput))
          void copyText(message.text);
        break;
      case 'failed':
        this.#link.reject(message.complaint);
        break;
      case 'action':
        void this.#act(message.action);
        break;
      case 'screen':
      case undefined:
        break;
    }
  }

  async #act(action: Action): Promise<void> {
    const blank = this.#blank;
    switch (action) {
      case 'start':
        this.#options.start(this.target);
        break;
      case 'resume':
        this.#options.resume(this.target);
        break;
      case 'retry':
        this.retry();
        break;
      case 'addVnc':
        if (blank?.kind === 'no-vnc' && (await this.#remedies.addVnc(blank.listen)))
          this.blank({ kind: 'vnc-added' });
        break;
      case 'remoteViewer':
        if (blank?.kind === 'no-vnc' && blank.graphics.kind === 'spice')
          await this.#remedies.openViewer(blank.graphics);
        break;
    }
  }

  #sendSettings(): void {
    this.send({ type: 'settings', scale: this.#scale, viewOnly: this.#viewOnly });
    this.send(keyboardMessage(this.name));
  }

  /** The name and the condition, in the tab and over the picture. */
  #follow(): void {
    const { record } = this.target;
    const title = displayName(this.name);
    if (title !== this.panel.title) {
      this.panel.title = title;
      this.#sendSettings();
    }
    const condition = record === undefined ? 'no-state' : conditionOf(record);
    const icon = stateIcon(this.target.isLost ? 'lost' : condition, this.#options.extensionUri);
    if (String(icon.dark) !== this.#icon) {
      this.#icon = String(icon.dark);
      this.panel.iconPath = icon;
    }
    const still = this.client === undefined ? stillText(undefined, title) : stillText(condition, title);
    if (still.text === this.#still?.text) return;
    this.#still = still;
    this.send({ type: 'still', ...still });
  }
}

function mayFillClipboard(afterInput: boolean): boolean {
  const when = setting('kvm.display.clipboard');
  return when === 'always' || (when !== 'never' && afterInput);
}

/** Of what `t` returns: it is English wherever there is no translation. */
function languageOfWords(): string {
  return vscode.l10n.bundle === undefined ? 'en' : vscode.env.language;
}
