import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { copyText } from '../../ui/clipboard.ts';
import { displayName } from '../../ui/names.ts';
import type { Presenter } from '../../ui/presenter.ts';
import { guestsFillClipboard } from '../../ui/settings.ts';
import { fromDisplay, type Scale, type ToDisplay } from '../../../webview/display/messages.ts';
import { blankText } from './blank-text.ts';
import { type Blank, DisplayLink, type LinkOwner } from './link.ts';
import { displayPage } from './page.ts';

export const DISPLAY_VIEW = 'kvm.display';

export interface PanelOptions {
  readonly target: DomainTarget;
  readonly panel: vscode.WebviewPanel;
  readonly extensionUri: vscode.Uri;
  readonly presenter: Presenter;
  readonly start: (target: DomainTarget) => void;
  /** Offers a way to see a domain that has no display which can be shown here. */
  readonly offerWay: (target: DomainTarget, blank: Blank & { kind: 'no-vnc' }) => void;
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
  readonly #stopNaming: () => void;
  #scale: Scale = 'fit';
  #viewOnly = false;
  #client: AbortController | undefined;

  constructor(options: PanelOptions) {
    const { target, panel, extensionUri } = options;
    this.target = target;
    this.panel = panel;
    this.#options = options;
    this.#link = new DisplayLink(target, this);
    const scripts = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
    const { webview } = panel;
    webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [scripts] };
    webview.onDidReceiveMessage((message) => this.#hear(message));
    panel.onDidChangeViewState(() => !panel.visible && this.#hide());
    const icon = (theme: string) => vscode.Uri.joinPath(extensionUri, 'media', 'state', theme, 'running.svg');
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    this.#stopNaming = target.host.onChange(() => this.#followName());
    this.#followName();
    const script = webview.asWebviewUri(vscode.Uri.joinPath(scripts, 'display.js'));
    webview.html = displayPage(String(script), webview.cspSource, languageOfWords());
  }

  get name(): string {
    return this.target.record?.name ?? this.target.uuid;
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
    this.#stopNaming();
    this.#link.dispose();
  }

  opened(): void {
    this.#client?.abort();
    this.#client = new AbortController();
    this.send({ type: 'open' });
  }

  data(bytes: Uint8Array): void {
    // A plain copy: VS Code takes Node's own Buffers for objects, and a piece of one along with all of it.
    this.send({ type: 'data', bytes: new Uint8Array(bytes) });
  }

  blank(blank: Blank): void {
    this.#client?.abort();
    const { presenter, offerWay } = this.#options;
    if (blank.kind === 'failed') presenter.background(`Display of ${this.name}`, blank.error);
    if (blank.kind === 'no-vnc') offerWay(this.target, blank);
    this.send({ type: 'closed', ...blankText(blank, this.name) });
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
        if (message.action === 'start') this.#options.start(this.target);
        else this.retry();
        break;
      case 'screen':
      case undefined:
        break;
    }
  }

  #sendSettings(): void {
    this.send({ type: 'settings', scale: this.#scale, viewOnly: this.#viewOnly });
  }

  #followName(): void {
    this.panel.title = displayName(this.name);
  }
}

function mayFillClipboard(afterInput: boolean): boolean {
  const when = guestsFillClipboard();
  return when === 'always' || (when === 'afterInput' && afterInput);
}

/** Of what `t` returns: it is English wherever there is no translation. */
function languageOfWords(): string {
  return vscode.l10n.bundle === undefined ? 'en' : vscode.env.language;
}
