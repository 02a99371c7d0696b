import * as vscode from 'vscode';
import { samePlace } from './cursor.ts';

const PATIENCE_MS = 5_000;

/** When the document becomes `after`, puts the cursors of its editors back to where they were in its text. */
export function keepCursors(document: vscode.TextDocument, after: string): void {
  const before = document.getText();
  const move = (position: vscode.Position) => {
    const { line, character } = samePlace(before, after, position);
    return new vscode.Position(line, character);
  };
  const editors = vscode.window.visibleTextEditors.filter((editor) => editor.document === document);
  const kept = editors.map((editor) => ({
    editor,
    selections: editor.selections.map(
      ({ anchor, active }) => new vscode.Selection(move(anchor), move(active)),
    ),
  }));
  const listener = vscode.workspace.onDidChangeTextDocument((event) => {
    if (event.document !== document) return;
    stop();
    if (document.getText() === after)
      for (const { editor, selections } of kept) editor.selections = selections;
  });
  const timer = setTimeout(() => stop(), PATIENCE_MS);
  const stop = () => {
    clearTimeout(timer);
    listener.dispose();
  };
}
