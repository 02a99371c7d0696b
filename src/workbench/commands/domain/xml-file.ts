import { t } from '@vscode/l10n';
import { domainKind } from '../../../model/inventory/kinds/domain.ts';
import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import { createDomain } from '../../../model/operations/domain/create.ts';
import { defineDomain } from '../../../model/operations/domain/define.ts';
import { displayName, quoted } from '../../ui/names.ts';
import { tellBriefly } from '../../ui/notices.ts';
import { withProgress } from '../../ui/progress.ts';
import type { CommandContext } from '../context.ts';
import { mayReplace } from '../document/may-replace.ts';
import { hostForXml } from '../pick-host.ts';

/** What a person reads of one use of a file; names are quoted already. */
interface FileWords {
  readonly question: () => string;
  readonly failed: (file: string) => string;
}

const DEFINE: FileWords = {
  question: () => t('Define the domain on which host?'),
  failed: (file) => t('Could not define a domain from {0}.', file),
};

const CREATE: FileWords = {
  question: () => t('Create the domain on which host?'),
  failed: (file) => t('Could not create a domain from {0}.', file),
};

/** Makes a persistent domain of an XML file: `virsh define`. */
export async function defineFromFile(context: CommandContext, argument: unknown): Promise<void> {
  await useFile(context, argument, DEFINE, async (host, xml) => {
    if (!(await mayReplace(host, domainKind, xml))) return;
    const { name } = await withProgress(t('Defining a domain on {0}', quoted(host.name)), (signal) =>
      defineDomain(host, { xml }, { signal }),
    );
    tellBriefly(t('{0} is defined on {1}', displayName(name), displayName(host.name)));
  });
}

/** Starts a transient domain from an XML file: `virsh create`. */
export async function createFromFile(context: CommandContext, argument: unknown): Promise<void> {
  await useFile(context, argument, CREATE, async (host, xml) => {
    const { name } = await withProgress(t('Starting a domain on {0}', quoted(host.name)), (signal) =>
      createDomain(host, { xml }, { signal }),
    );
    tellBriefly(t('{0} runs on {1}', displayName(name), displayName(host.name)));
  });
}

async function useFile(
  context: CommandContext,
  chosen: unknown,
  words: FileWords,
  action: (host: Host, xml: string) => Promise<void>,
): Promise<void> {
  const file = chosen instanceof vscode.Uri ? chosen : await pickFile();
  if (file === undefined) return;
  const host = await hostForXml(context, file, words.question(), chosen);
  if (host === undefined) return;
  const name = quoted(file.path.split('/').at(-1) ?? '');
  try {
    // An open editor's text counts, saved or not: that is what the person sees.
    const document = await vscode.workspace.openTextDocument(file);
    await action(host, document.getText());
  } catch (error) {
    await context.presenter.failure(words.failed(name), error);
  }
}

async function pickFile(): Promise<vscode.Uri | undefined> {
  const files = await vscode.window.showOpenDialog({
    title: t('Domain XML'),
    filters: { XML: ['xml'], [t('All files')]: ['*'] },
  });
  return files?.[0];
}
