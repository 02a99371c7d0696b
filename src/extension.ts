import * as vscode from 'vscode';
import type { CommandContext } from './commands/context.ts';
import { registerDomainCommands } from './commands/domain/domain-commands.ts';
import { createFromFile, defineFromFile } from './commands/domain/xml-file.ts';
import { registerHostCommands } from './commands/host/host-commands.ts';
import { registerViewCommands } from './commands/view-commands.ts';
import { DomainDocuments } from './editor/domain-documents.ts';
import { HostsView } from './explorer/hosts-view.ts';
import { Inventory } from './inventory/inventory.ts';
import { findLocalHosts } from './inventory/local-hosts.ts';
import { Presenter } from './ui/presenter.ts';
import { configuredHosts, showsLocalHosts } from './ui/settings.ts';

/** Builds the parts and hands them to each other. Nothing is connected before somebody looks. */
export async function activate({ subscriptions, extensionUri }: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('KVM Workbench', { log: true });
  const presenter = new Presenter(log);
  const inventory = new Inventory();
  const context: CommandContext = { inventory, presenter };
  const view = new HostsView(inventory, presenter, extensionUri);
  subscriptions.push(
    log,
    inventory,
    view,
    new DomainDocuments(inventory),
    new vscode.Disposable(
      inventory.onError(({ host, error }) => presenter.background(`While following ${host.name}`, error)),
    ),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('kvm')) void findHosts(inventory);
    }),
    ...registerDomainCommands(context, () => view.selection),
    ...registerHostCommands(context),
    ...registerViewCommands(context, view, () => refresh(inventory)),
    vscode.commands.registerCommand('kvm.domain.define', (...args: unknown[]) =>
      defineFromFile(context, ...args),
    ),
    vscode.commands.registerCommand('kvm.domain.create', (...args: unknown[]) =>
      createFromFile(context, ...args),
    ),
  );
  await findHosts(inventory);
}

async function findHosts(inventory: Inventory): Promise<void> {
  const local = showsLocalHosts() ? await findLocalHosts() : [];
  const configured = configuredHosts().map(({ name, uri }) => ({ name, uri, origin: 'configured' as const }));
  inventory.setHosts([...local, ...configured]);
  await vscode.commands.executeCommand('setContext', 'kvm.ready', true);
}

/** Events keep the tree right; this is for what has none, such as a daemon that was installed meanwhile. */
async function refresh(inventory: Inventory): Promise<void> {
  await findHosts(inventory);
  await Promise.all(inventory.hosts.map((host) => host.reload()));
}
