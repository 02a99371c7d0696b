import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { pickLabel, quoted } from '../../../ui/names.ts';
import type { Presenter } from '../../../ui/presenter.ts';
import { isOnHost, type DocumentHosts } from './document-hosts.ts';
import { choose } from '../../../ui/choose.ts';

/** Asks which host the XML file of the active editor is for, and connects to it. */
export async function chooseHost(hosts: DocumentHosts, presenter: Presenter): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document === undefined || isOnHost(document.uri)) return;
  const current = hosts.of(document.uri);
  const items = [
    ...hosts.hosts.map((host) => ({
      label: pickLabel(host.name),
      description: pickLabel(host.id),
      picked: host === current,
      host,
    })),
    {
      label: t('No Host'),
      description: t('Check the file by its schema only'),
      picked: false,
      host: undefined,
    },
  ];
  const choice = await choose(items, {
    placeHolder: t(
      'Which host is this file for? Its networks, pools and machines are suggested and checked.',
    ),
    matchOnDescription: true,
  });
  if (choice === undefined) return;
  const { host } = choice;
  hosts.choose(document.uri, host);
  if (host === undefined) return;
  try {
    await host.connect();
  } catch (error) {
    await presenter.failure(t('Could not connect to {0}.', quoted(host.name)), error);
  }
}
