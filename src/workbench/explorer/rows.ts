import * as vscode from 'vscode';
import { displayName } from '../ui/names.ts';

/** A name and a value of a tooltip; what has no name stands for itself. */
export type Row = readonly [label: string, value: string];

/** A tooltip: the name of what is pointed at, and a line for each row. */
export function tooltipOf(name: string, rows: readonly Row[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(displayName(name)).appendMarkdown('**\n\n');
  for (const [label, value] of rows)
    text
      .appendMarkdown(label === '' ? '' : `${label}: `)
      .appendText(displayName(value))
      .appendMarkdown('  \n');
  return text;
}
