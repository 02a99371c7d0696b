import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { nameOf, subjectOf } from './batch.ts';

const NAMES_MAX = 12;

/** Asks once for the whole batch, in a modal that names every target and what is lost. */
export async function confirm(
  action: string,
  targets: readonly DomainTarget[],
  consequence: string,
): Promise<boolean> {
  const names = targets.length > 1 ? `${listOf(targets)}\n\n` : '';
  const answer = await vscode.window.showWarningMessage(
    `${action} ${subjectOf(targets)}?`,
    { modal: true, detail: `${names}${consequence}` },
    action,
  );
  return answer === action;
}

function listOf(targets: readonly DomainTarget[]): string {
  const names = targets.slice(0, NAMES_MAX).map(nameOf);
  const more = targets.length > NAMES_MAX ? [`and ${targets.length - NAMES_MAX} more`] : [];
  return [...names, ...more].join('\n');
}
