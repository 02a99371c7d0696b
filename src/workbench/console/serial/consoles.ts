import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { askDomain } from '../../../model/operations/domain/on-domain.ts';
import { DisposableList } from '../../ui/disposable-list.ts';
import { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { titleOf } from '../../ui/commands.ts';
import { pickLabel, quoted } from '../../ui/names.ts';
import { setting } from '../../ui/settings.ts';
import { History } from './history.ts';
import { type OpenConsoleMark, rememberOpen, wereOpen } from './memory.ts';
import type { ConsoleParts, OpenOptions } from './parts.ts';
import { isAgentChannel, type Port, type PortId, portName, portsOf } from './ports.ts';
import { ConsoleTerminal } from './terminal.ts';
import { inform, warn } from '../../ui/notices.ts';
import { choose } from '../../ui/choose.ts';

interface OpenTerminal {
  readonly mark: OpenConsoleMark;
  readonly terminal: vscode.Terminal;
  readonly console: ConsoleTerminal;
}

interface DomainPick extends vscode.QuickPickItem {
  readonly target?: DomainTarget;
}

const ACTIVE_CONTEXT = 'kvm.consoleActive';

/** All serial consoles that are open in this window. */
export class SerialConsoles implements vscode.Disposable {
  readonly #parts: ConsoleParts;
  readonly #open = new Map<string, OpenTerminal>();
  readonly #disposables: DisposableList;

  constructor(parts: ConsoleParts) {
    this.#parts = parts;
    this.#disposables = new DisposableList(
      vscode.window.onDidChangeActiveTerminal(() => this.#followActive()),
      vscode.window.onDidCloseTerminal((terminal) => this.#closed(terminal)),
    );
  }

  async open(target: DomainTarget, options: OpenOptions): Promise<boolean> {
    const { preserveFocus = false, first = false, beside = false } = options;
    const port = await this.#choosePort(target, first);
    if (port === undefined) return false;
    const location = beside ? { viewColumn: terminalColumn(), preserveFocus } : undefined;
    const { terminal, console } = this.#terminal(markOf(target, port), target, false, location);
    terminal.show(preserveFocus);
    await console.ready;
    return true;
  }

  /** Closes the consoles of a domain that is gone for good. */
  close({ host, uuid }: DomainTarget): void {
    for (const { mark, terminal } of this.#open.values())
      if (mark.host === host.id && mark.uuid === uuid) terminal.dispose();
  }

  /** For the “+” of the terminal panel. */
  async provideProfile(token: vscode.CancellationToken): Promise<vscode.TerminalProfile | undefined> {
    const target = await this.#chooseDomain();
    if (target === undefined || token.isCancellationRequested) return undefined;
    const port = await this.#choosePort(target, false);
    if (port === undefined || token.isCancellationRequested) return undefined;
    const mark = markOf(target, port);
    const known = this.#open.get(keyOf(mark));
    if (known !== undefined) {
      known.terminal.show();
      return undefined;
    }
    const console = this.#console(mark, target, false);
    // VS Code makes the terminal only after this has returned.
    const stop = vscode.window.onDidOpenTerminal((terminal) => {
      const { creationOptions } = terminal;
      if (!('pty' in creationOptions) || creationOptions.pty !== console) return;
      stop.dispose();
      this.#keep({ mark, terminal, console });
      // VS Code would leave the terminal in front that was there before.
      terminal.show();
    });
    return new vscode.TerminalProfile(appearance(console));
  }

  /** Brings back what was open; each connects when somebody looks at it. */
  async restore(): Promise<void> {
    for (const mark of wereOpen(this.#parts.memory)) {
      const host = this.#parts.inventory.host(mark.host);
      if (host === undefined || this.#open.has(keyOf(mark))) continue;
      this.#terminal(mark, new DomainTarget(host, mark.uuid, mark.name), true);
    }
    await Promise.resolve();
  }

  async sendBreak(): Promise<void> {
    const console = this.#active()?.console;
    if (console === undefined) return;
    try {
      await console.sendBreak();
    } catch (error) {
      await this.#parts.presenter.failure(t('Could not send a break to {0}.', quoted(console.name)), error);
    }
  }

  async startLog(): Promise<void> {
    const console = this.#active()?.console;
    if (console === undefined) return;
    const name = `${console.name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}.log`;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const file = await vscode.window.showSaveDialog({
      title: t('Write Console Output to File'),
      ...(folder?.scheme === 'file' ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {}),
    });
    if (file === undefined) return;
    const append = await mayKeep(file);
    if (append === undefined) return;
    console.startLogging(file.fsPath, append);
    this.#followActive();
  }

  stopLog(): void {
    this.#active()?.console.stopLogging();
    this.#followActive();
  }

  dispose(): void {
    this.#disposables.dispose();
    // They stay remembered.
    for (const { console } of this.#open.values()) console.close();
    this.#open.clear();
  }

  #terminal(
    mark: OpenConsoleMark,
    target: DomainTarget,
    lazy: boolean,
    location?: vscode.TerminalEditorLocationOptions,
  ): OpenTerminal {
    const known = this.#open.get(keyOf(mark));
    if (known !== undefined) return known;
    const console = this.#console(mark, target, lazy);
    const terminal = vscode.window.createTerminal({
      ...appearance(console),
      ...(location === undefined ? {} : { location }),
    });
    return this.#keep({ mark, terminal, console });
  }

  #keep(opened: OpenTerminal): OpenTerminal {
    this.#open.set(keyOf(opened.mark), opened);
    this.#remember();
    this.#followActive();
    return opened;
  }

  #console(mark: OpenConsoleMark, target: DomainTarget, lazy: boolean): ConsoleTerminal {
    const { presenter, connector } = this.#parts;
    const { port, portName } = mark;
    const history = this.#history(mark);
    const onLogEnded = () => this.#followActive();
    return new ConsoleTerminal({ target, port, portName, connector, presenter, history, lazy, onLogEnded });
  }

  /** A terminal that a person closed is forgotten; those that close with their window come back with it. */
  #closed(terminal: vscode.Terminal): void {
    const opened = [...this.#open.values()].find((each) => each.terminal === terminal);
    if (opened === undefined) return;
    this.#open.delete(keyOf(opened.mark));
    if (terminal.exitStatus?.reason !== vscode.TerminalExitReason.Shutdown) this.#remember();
  }

  #history(mark: OpenConsoleMark): History | undefined {
    const { storage, presenter } = this.#parts;
    if (setting('kvm.console.keepOutput') === false) return undefined;
    // A URI may hold any characters, and things that a file’s name should not give away.
    const name = createHash('sha256').update(keyOf(mark)).digest('hex').slice(0, 32);
    const path = vscode.Uri.joinPath(storage, 'consoles', name).fsPath;
    return new History(path, (error) => presenter.background('Could not keep what a console said', error));
  }

  async #choosePort(target: DomainTarget, first: boolean): Promise<Port | undefined> {
    const name = quoted(target.name);
    try {
      const ports = portsOf(await xmlOf(target)).filter((port) => !isAgentChannel(port));
      if (ports.length === 0) {
        // Whoever asked goes on, such as with a guest that waits to run.
        void this.#offerConsole(target, name);
        return undefined;
      }
      return first || ports.length === 1 ? ports[0] : await pickPort(ports, name);
    } catch (error) {
      void this.#parts.presenter.failure(t('Could not open the console of {0}.', name), error);
      return undefined;
    }
  }

  async #offerConsole(target: DomainTarget, name: string): Promise<void> {
    const edit = titleOf('kvm.domain.editXml');
    const answer = await inform(
      t("{0} has no console. One line in its XML adds a serial port: <console type='pty'/>.", name),
      edit,
    );
    if (answer === edit) await this.#parts.editXml(target);
  }

  async #chooseDomain(): Promise<DomainTarget | undefined> {
    const items: DomainPick[] = this.#parts.inventory.hosts.flatMap((host) => [
      { label: pickLabel(host.name), kind: vscode.QuickPickItemKind.Separator },
      ...[...host.domains.values()].map((record) => ({
        label: pickLabel(record.name),
        description: record.state === 'running' ? t('running') : t('not running'),
        target: new DomainTarget(host, record.uuid),
      })),
    ]);
    const picked = await choose(items, { placeHolder: t('Open the console of which guest?') });
    return picked?.target;
  }

  #active(): OpenTerminal | undefined {
    const { activeTerminal } = vscode.window;
    return [...this.#open.values()].find(({ terminal }) => terminal === activeTerminal);
  }

  #followActive(): void {
    const active = this.#active()?.console;
    const state = active === undefined ? undefined : active.isLogging ? 'logging' : 'open';
    void vscode.commands.executeCommand('setContext', ACTIVE_CONTEXT, state);
  }

  #remember(): void {
    const marks = [...this.#open.values()].map(({ mark }) => mark);
    void rememberOpen(this.#parts.memory, marks);
  }
}

/** Whether to append the log to what the file already holds; undefined when the file is to be left alone. */
async function mayKeep(file: vscode.Uri): Promise<boolean | undefined> {
  const { size } = await stat(file.fsPath).catch(() => ({ size: 0 }));
  if (size === 0) return false;
  const append = t('Append');
  const replace = t('Replace');
  const answer = await warn(
    t('{0} is not empty.', file.fsPath),
    { modal: true, detail: t('Append the console output to the file, or replace what it holds?') },
    append,
    replace,
  );
  return answer === undefined ? undefined : answer === append;
}

function appearance(console: ConsoleTerminal): vscode.ExtensionTerminalOptions {
  return { name: console.name, pty: console, iconPath: new vscode.ThemeIcon('vm') };
}

/** The editor column that has terminals already, else a new one. */
function terminalColumn(): vscode.ViewColumn {
  const groups = vscode.window.tabGroups.all;
  const withTerminals = groups.find(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputTerminal),
  );
  return withTerminals?.viewColumn ?? vscode.ViewColumn.Beside;
}

function markOf({ host, uuid, name }: DomainTarget, port: Port): OpenConsoleMark {
  return {
    host: host.id,
    uuid,
    name,
    port: { kind: port.kind, index: port.index },
    portName: portName(port),
  };
}

function keyOf({ host, uuid, port }: { host: string; uuid: string; port: PortId }): string {
  return JSON.stringify([host, uuid, port.kind, port.index]);
}

function xmlOf(target: DomainTarget): Promise<string> {
  return askDomain(target, ({ connection, ref }) => connection.domains.xml(ref));
}

async function pickPort(ports: readonly Port[], name: string): Promise<Port | undefined> {
  const items = ports.map((port) => ({
    label: pickLabel(portName(port)),
    description: [port.kind, port.target].filter((part) => part !== undefined).join(', '),
    port,
  }));
  const picked = await choose(items, {
    placeHolder: t('Open which port of {0}?', name),
  });
  return picked?.port;
}
