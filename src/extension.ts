import * as vscode from 'vscode';
import type { CommandContext } from './commands/context.ts';
import { registerDomainCommands } from './commands/domain/domain-commands.ts';
import { registerFileCommands } from './commands/domain/xml-file.ts';
import { registerHostCommands } from './commands/host/host-commands.ts';
import { registerViewCommands } from './commands/view-commands.ts';
import { DomainDocuments } from './editor/domain-documents.ts';
import { HostsView } from './explorer/hosts-view.ts';
import { Inventory } from './inventory/inventory.ts';
import { HostList } from './ui/host-list.ts';
import { Presenter } from './ui/presenter.ts';

/** Builds the parts and hands them to each other. Nothing is connected before somebody looks. */
export function activate({ subscriptions, extensionUri }: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('KVM Workbench', { log: true });
  const presenter = new Presenter(log);
  const inventory = new Inventory();
  const hosts = new HostList(inventory, presenter);
  const view = new HostsView(inventory, presenter, extensionUri);
  const context: CommandContext = { inventory, presenter };
  subscriptions.push(
    log,
    inventory,
    hosts,
    view,
    new DomainDocuments(inventory),
    new vscode.Disposable(
      inventory.onError(({ host, error }) => presenter.background(`While following ${host.name}`, error)),
    ),
    ...registerDomainCommands(context, () => view.selection),
    ...registerFileCommands(context),
    ...registerHostCommands(context),
    ...registerViewCommands(context, view, hosts),
  );
  void hosts.update();
}
