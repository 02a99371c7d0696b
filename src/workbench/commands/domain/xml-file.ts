import { domainKind } from '../../../model/inventory/kinds/domain.ts';
import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import { quoted } from '../../ui/names.ts';
import { withProgress } from '../../ui/progress.ts';
import type { CommandContext } from '../context.ts';
import { mayReplace } from '../document/may-replace.ts';
import { pickHost } from '../pick-host.ts';

/** Makes a persistent domain of an XML file: `virsh define`. */
export async function defineFromFile(context: CommandContext, argument: unknown): Promise<void> {
  await useFile(context, argument, 'define', async (host, xml) => {
    const connection = await host.connect();
    if (!(await mayReplace(host, domainKind, xml))) return;
    const ref = await withProgress(`Defining a domain on ${quoted(host.name)}`, (signal) =>
      connection.domains.defineXml(xml, 0, { signal }),
    );
    await host.refresh({ kind: 'domain', key: ref.uuid });
  });
}

/** Starts a transient domain from an XML file: `virsh create`. */
export async function createFromFile(context: CommandContext, argument: unknown): Promise<void> {
  await useFile(context, argument, 'create', async (host, xml) => {
    const connection = await host.connect();
    const ref = await withProgress(`Starting a domain on ${quoted(host.name)}`, (signal) =>
      connection.domains.createXml(xml, 0, { signal }),
    );
    await host.refresh({ kind: 'domain', key: ref.uuid });
  });
}

async function useFile(
  context: CommandContext,
  chosen: unknown,
  infinitive: string,
  action: (host: Host, xml: string) => Promise<void>,
): Promise<void> {
  const file = chosen instanceof vscode.Uri ? chosen : await pickFile();
  if (file === undefined) return;
  const host = await pickHost(
    context,
    `${infinitive === 'define' ? 'Define' : 'Create'} the domain on which host?`,
    chosen,
  );
  if (host === undefined) return;
  const name = quoted(file.path.split('/').at(-1) ?? '');
  try {
    // An open editor's text counts, saved or not: that is what the person sees.
    const document = await vscode.workspace.openTextDocument(file);
    await action(host, document.getText());
  } catch (error) {
    await context.presenter.failure(`Could not ${infinitive} a domain from ${name}`, error);
  }
}

async function pickFile(): Promise<vscode.Uri | undefined> {
  const files = await vscode.window.showOpenDialog({
    title: 'Domain XML',
    filters: { XML: ['xml'], 'All files': ['*'] },
  });
  return files?.[0];
}
