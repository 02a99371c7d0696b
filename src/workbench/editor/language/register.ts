import * as vscode from 'vscode';
import { schemaForRoot } from '../../../language/schema/kinds.ts';
import { register } from '../../ui/commands.ts';
import type { LanguageFeatures } from './features.ts';
import type { LanguageOptions } from './language-options.ts';
import { rootNameOf } from './root-name.ts';
import { hasNoRootYet } from './root-snippets.ts';

/**
 * Waits for the first document that could be libvirt's, and only then loads what knows about them: most windows never
 * see one.
 */
export function registerLanguage(options: LanguageOptions): vscode.Disposable {
  const waiting = new Set<vscode.Disposable>();
  let features: Promise<LanguageFeatures> | undefined;
  let isDisposed = false;
  const stopWaiting = () => {
    for (const each of waiting) each.dispose();
    waiting.clear();
  };
  const load = (): Promise<LanguageFeatures> => {
    stopWaiting();
    features ??= import('./features.ts').then(({ LanguageFeatures }) => {
      const loaded = new LanguageFeatures(options);
      if (isDisposed) loaded.dispose();
      return loaded;
    });
    return features;
  };
  const look = (document: vscode.TextDocument) => {
    if (!mayBeLibvirts(document)) return;
    load().catch((error: unknown) => options.presenter.background('Could not load the XML editor', error));
  };
  waiting.add(vscode.workspace.onDidOpenTextDocument(look));
  waiting.add(vscode.workspace.onDidChangeTextDocument(({ document }) => look(document)));
  vscode.workspace.textDocuments.forEach(look);
  const command = register('kvm.document.chooseHost', async () => (await load()).chooseHost());
  return new vscode.Disposable(() => {
    isDisposed = true;
    stopWaiting();
    command.dispose();
    void features?.then((loaded) => loaded.dispose());
  });
}

function mayBeLibvirts(document: vscode.TextDocument): boolean {
  if (document.languageId !== 'xml') return false;
  const text = document.getText();
  const root = rootNameOf(text);
  // One that is only begun is offered libvirt's roots.
  return root === undefined ? hasNoRootYet(text) : schemaForRoot(root) !== undefined;
}
