import type * as vscode from 'vscode';
import { withoutLinks } from '../../model/text/links.ts';
import { visibleSentence } from '../../model/text/visible.ts';
import { withoutIcons } from './names.ts';

/** Sentences for a notice or a dialog, which hold what others say: all of it is text that can be seen. */
export function plainSentence(text: string): string {
  return withoutLinks(visibleSentence(text));
}

/** What is shown in a notice or a dialog, as text. */
export function plainOptions(options: vscode.MessageOptions): vscode.MessageOptions {
  const { detail } = options;
  return detail === undefined ? options : { ...options, detail: plainSentence(detail) };
}

export interface ProgressStep {
  readonly message?: string;
  readonly increment?: number;
}

export function plainStep(step: ProgressStep): ProgressStep {
  return step.message === undefined ? step : { ...step, message: plainSentence(step.message) };
}

/** An item to choose, with its texts as text. Its own icon is its `iconPath`. */
export function plainItem<T extends vscode.QuickPickItem>(item: T): T {
  const { label, description, detail } = item;
  return {
    ...item,
    label: withoutIcons(label),
    ...(description === undefined ? {} : { description: withoutIcons(description) }),
    ...(detail === undefined ? {} : { detail: withoutIcons(detail) }),
  };
}
