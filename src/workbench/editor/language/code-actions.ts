import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Diagnostic, Fix } from '../../../language/schema/diagnostic.ts';
import { fixesFor } from '../../../language/schema/fix.ts';
import type { Finding } from '../../../language/checks/finding.ts';
import type { TextRange } from '../../../language/xml/tree.ts';
import { displayName } from '../../ui/names.ts';
import { toDiagnostic, toWarning } from './diagnostics.ts';
import type { LibvirtDocument, LibvirtDocuments } from './libvirt-documents.ts';

const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append('libvirt');

export const ACTION_KINDS: vscode.CodeActionProviderMetadata = {
  providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, FIX_ALL],
};

/** Quick fixes, made anew for the current text: the problems on screen may be a moment old. */
export class CodeActions implements vscode.CodeActionProvider {
  readonly #documents: LibvirtDocuments;

  constructor(documents: LibvirtDocuments) {
    this.#documents = documents;
  }

  provideCodeActions(
    source: vscode.TextDocument,
    range: vscode.Range,
    { only }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const document = this.#documents.get(source);
    if (document?.analysis === undefined) return [];
    const { problems } = document;
    const doubts = problems.some(({ severity }) => severity === 'error') ? [] : document.doubts;
    if (problems.length === 0 && doubts.length === 0) return [];
    const actions: vscode.CodeAction[] = [];
    if (only === undefined || only.intersects(vscode.CodeActionKind.QuickFix)) {
      const [start, end] = [source.offsetAt(range.start), source.offsetAt(range.end)];
      const isHere = (each: TextRange) => each.start <= end && start <= each.end;
      actions.push(...problems.filter(isHere).flatMap((problem) => quickFixes(document, problem)));
      actions.push(...doubts.filter(isHere).flatMap((doubt) => remedies(document, doubt)));
    }
    // Fixes everything only when that was asked for.
    const all = only === undefined ? [] : only.intersects(FIX_ALL) ? safeFixes(document, problems) : [];
    if (all.length > 0) actions.push(action(document, t('Fix all clear mistakes'), FIX_ALL, all));
    const everywhere = actions.length > 0 ? safeFixes(document, problems) : [];
    if (only === undefined && everywhere.length > 1)
      actions.push(
        action(
          document,
          t('Fix all {0} mistakes', everywhere.length),
          vscode.CodeActionKind.QuickFix,
          everywhere,
        ),
      );
    return actions;
  }
}

function quickFixes(document: LibvirtDocument, problem: Diagnostic): vscode.CodeAction[] {
  const { analysis } = document;
  if (analysis === undefined) return [];
  return fixesFor(analysis, problem).map((fix) => quickFix(document, fix, toDiagnostic(document, problem)));
}

function remedies(document: LibvirtDocument, doubt: Finding): vscode.CodeAction[] {
  return (doubt.fixes ?? []).map((fix) => quickFix(document, fix, toWarning(document, doubt)));
}

function quickFix(document: LibvirtDocument, fix: Fix, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const made = action(document, displayName(fix.title), vscode.CodeActionKind.QuickFix, [fix]);
  made.isPreferred = fix.preferred;
  made.diagnostics = [diagnostic];
  return made;
}

/** One fix for each mistake where it is clear what was meant: the nearest name or value, never a removal. */
function safeFixes(document: LibvirtDocument, problems: readonly Diagnostic[]): Fix[] {
  const { analysis } = document;
  if (analysis === undefined) return [];
  const fixes: Fix[] = [];
  let end = -1;
  for (const problem of problems) {
    if (problem.suggestions.length !== 1 || problem.severity === 'hint') continue;
    const fix = fixesFor(analysis, problem).find(({ preferred }) => preferred);
    if (fix === undefined) continue;
    const starts = fix.edits.map((edit) => edit.start);
    if (Math.min(...starts) <= end) continue;
    fixes.push(fix);
    end = Math.max(end, ...fix.edits.map((edit) => edit.end));
  }
  return fixes;
}

function action(
  document: LibvirtDocument,
  title: string,
  kind: vscode.CodeActionKind,
  fixes: readonly Fix[],
): vscode.CodeAction {
  const made = new vscode.CodeAction(title, kind);
  made.edit = new vscode.WorkspaceEdit();
  made.edit.set(
    document.source.uri,
    fixes.flatMap(({ edits }) => document.edits(edits)),
  );
  return made;
}
