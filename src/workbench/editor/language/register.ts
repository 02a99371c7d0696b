import * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import { register } from '../../ui/commands.ts';
import { DisposableList } from '../../ui/disposable-list.ts';
import { isCancellation } from '../../ui/failure.ts';
import { Lazy } from '../../ui/lazy.ts';
import type { LanguageOptions } from './language-options.ts';
import { hasNoRootYet, rootNameOf } from './root-name.ts';

/**
 * Waits for the first document that could be libvirt's, and only then loads what knows about them: most windows never
 * see one.
 */
export function registerLanguage(options: LanguageOptions): DocumentHosts & vscode.Disposable {
  const waiting = new DisposableList();
  const features = new Lazy(async () => {
    const { LanguageFeatures } = await import('./features.ts');
    waiting.dispose();
    return new LanguageFeatures(options);
  });
  const look = (document: vscode.TextDocument) => {
    if (document.languageId !== 'xml') return;
    loadFor(document, features).catch((error: unknown) => {
      if (!isCancellation(error)) options.presenter.background('Could not load the XML editor', error);
    });
  };
  waiting.add(
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument(({ document }) => look(document)),
  );
  vscode.workspace.textDocuments.forEach(look);
  const command = register('kvm.document.chooseHost', async () => (await features.get()).chooseHost());
  const all = new DisposableList(waiting, command, features);
  return {
    hostOf: async (uri) => (await features.get()).hostOf(uri),
    setHost: async (uri, host) => (await features.get()).setHost(uri, host),
    dispose: () => all.dispose(),
  };
}

/** Which host an XML file is for, as people chose it. */
interface DocumentHosts {
  hostOf(uri: vscode.Uri): Promise<Host | undefined>;
  setHost(uri: vscode.Uri, host: Host): Promise<void>;
}

async function loadFor(document: vscode.TextDocument, features: { get(): Promise<unknown> }): Promise<void> {
  const text = document.getText();
  const root = rootNameOf(text);
  // A text without a root element yet is offered libvirt's roots.
  if (root === undefined ? hasNoRootYet(text) : await mayBeRoot(root)) await features.get();
}

/** The names of libvirt's documents are loaded with the first XML of any kind. */
async function mayBeRoot(name: string): Promise<boolean> {
  const kinds = await import('../../../language/schema/document-kind.ts');
  return kinds.mayBeRoot(name);
}
