import * as vscode from 'vscode';

/** Names lines of the tree that are shown in grey, since nobody knows whether what they say is still so. */
const SCHEME = 'kvm-dimmed';

/** The address of such a line, by its id. */
export function dimmed(id: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${id}` });
}

/** Has VS Code draw them in grey. */
export function dimLines(): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration: ({ scheme }) =>
      scheme === SCHEME
        ? { color: new vscode.ThemeColor('disabledForeground'), propagate: false }
        : undefined,
  });
}
