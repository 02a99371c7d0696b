import { config } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { CommandContext } from './workbench/commands/context.ts';
import { applyLive, registerDocumentCommands } from './workbench/commands/document/document-commands.ts';
import { registerDomainCommands, runOnDomain } from './workbench/commands/domain/domain-commands.ts';
import { registerFileCommands } from './workbench/commands/domain/file-commands.ts';
import { registerHostCommands } from './workbench/commands/host/host-commands.ts';
import { registerObjectCommands } from './workbench/commands/object/object-commands.ts';
import { registerViewCommands } from './workbench/commands/view-commands.ts';
import { Consoles } from './workbench/console/consoles.ts';
import { Displays } from './workbench/console/displays.ts';
import { Debugging } from './workbench/debug/debugging.ts';
import { registerEnvironment } from './workbench/workspace/register.ts';
import { LibvirtFiles } from './workbench/editor/documents/files.ts';
import { registerLanguage } from './workbench/editor/language/register.ts';
import { HostsView } from './workbench/explorer/hosts-view.ts';
import type { Connector } from './model/inventory/host.ts';
import type { DomainAction } from './model/inventory/kinds/domain-actions.ts';
import type { DomainTarget } from './model/inventory/domain-target.ts';
import { Inventory } from './model/inventory/inventory.ts';
import { type Ask, askNobody } from './client/transport/ask.ts';
import { Transports } from './client/transport/open.ts';
import { HostList } from './workbench/ui/host-list.ts';
import { Lazy } from './workbench/ui/lazy.ts';
import { Presenter } from './workbench/ui/presenter.ts';

/** Builds the parts and hands them to each other. Nothing is connected before somebody looks. */
export function activate(extension: vscode.ExtensionContext): void {
  // What lies below the workbench translates without VS Code.
  if (vscode.l10n.bundle !== undefined) config({ contents: vscode.l10n.bundle });
  const { subscriptions, extensionUri, secrets, workspaceState } = extension;
  const storage = extension.storageUri ?? extension.globalStorageUri;
  // not for people: a name
  const log = vscode.window.createOutputChannel('KVM Workbench', { log: true });
  const presenter = new Presenter(log);
  const transports = new Transports(vscode.Uri.joinPath(extensionUri, 'dist', 'askpass-main.js').fsPath);
  // Most hosts ask nothing.
  const ask: Ask = async (question, signal) => {
    const { askPerson } = await import('./workbench/ui/secrets.ts');
    return askPerson(secrets)(question, signal);
  };
  const connector: Connector = async (uri, signal, quiet) => {
    // The client is loaded with the first connection.
    const { connect } = await import('./client/libvirt/connect.ts');
    return connect(uri, signal, { transports, ask: quiet ? askNobody : ask });
  };
  const inventory = new Inventory(connector);
  const hosts = new HostList(inventory, presenter);
  const view = new HostsView(inventory, presenter, extensionUri);
  const on = (action: DomainAction) => (target: DomainTarget) => runOnDomain(context, action, target);
  const consoles = new Consoles({
    inventory,
    presenter,
    connector,
    storage,
    memory: workspaceState,
    editXml: on('editXml'),
  });
  const displays = new Displays({
    inventory,
    presenter,
    extensionUri,
    start: on('start'),
    resume: on('resume'),
  });
  const hostsKnown = hosts.update();
  void hostsKnown.then(() => consoles.restore());
  const dist = vscode.Uri.joinPath(extensionUri, 'dist').fsPath;
  const debugging = new Debugging({
    inventory,
    presenter,
    hostsKnown,
    dist,
    storage: vscode.Uri.joinPath(extension.globalStorageUri, 'debug-sessions').fsPath,
    memory: workspaceState,
    showConsole: (target) => consoles.open(target, { preserveFocus: true, first: true, beside: true }),
    closeConsole: (target) => consoles.close(target),
    dumpMemory: on('dumpMemory'),
  });
  const documents = registerLanguage({
    inventory,
    presenter,
    dist,
    memory: workspaceState,
    storage: extension.globalStorageUri.fsPath,
  });
  const selectedHost = () => view.selectedHost;
  const context: CommandContext = {
    inventory,
    presenter,
    jobs: new Lazy(async () => new (await import('./model/jobs/jobs.ts')).Jobs()),
    connector,
    consoles,
    displays,
    debugging,
    documents,
    selectedHost,
  };
  subscriptions.push(
    log,
    inventory,
    new vscode.Disposable(() => void transports.dispose()),
    hosts,
    view,
    consoles,
    displays,
    debugging,
    new LibvirtFiles({
      inventory,
      presenter,
      state: workspaceState,
      hostsKnown,
      applyLive: (uri) => applyLive(context, uri),
    }),
    new vscode.Disposable(
      inventory.onError(({ host, error }) => presenter.background(`While following ${host.name}`, error)),
    ),
    documents,
    registerEnvironment({
      inventory,
      presenter,
      hostsKnown,
      storage: extension.globalStorageUri,
      memory: workspaceState,
      extensionUri,
      openConsole: (target) => consoles.open(target),
      selectedHost,
    }),
    ...registerDomainCommands(context, view),
    ...registerDocumentCommands(context),
    ...registerFileCommands(context),
    ...registerHostCommands(context),
    ...registerObjectCommands(context),
    ...registerViewCommands(context, view, hosts),
  );
}
