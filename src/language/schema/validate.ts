import { t } from '@vscode/l10n';
import type { XmlAttribute, XmlDocument, XmlElement } from '../xml/tree.ts';
import { Analysis } from './analysis.ts';
import type { Diagnostic } from './diagnostic.ts';
import { joinHomes } from './homes.ts';
import { isUnbound, joinNamespaces, undeclared } from './namespaces.ts';
import { orderHints } from './order-hint.ts';
import { report } from './report.ts';
import type { Schema } from './schema.ts';
import { elementLeaves, namesOf } from './survey.ts';
import { listed, tagged, writtenName } from './wording.ts';
import { nearestNames } from './suggest.ts';
import { spaceWarnings } from './white-space.ts';

/** Nobody reads more, and an editor could not show them. */
const MAX_DIAGNOSTICS = 1000;

/** Everything that is wrong with a document, in the order of its text; hints among it. Empty when all is well. */
export function validate(document: XmlDocument, schema: Schema): Diagnostic[] {
  return diagnose(new Analysis(document, schema));
}

/** The same for a document that is already being looked at. */
export function diagnose(analysis: Analysis): Diagnostic[] {
  const { document } = analysis;
  const hints = [...orderHints(document), ...spaceWarnings(analysis)];
  if (hints.length === 0 && analysis.isValid) return [];
  const found: Diagnostic[] = document.problems.map((problem) =>
    problem.code === 'unbound-prefix'
      ? undeclared(analysis, problem)
      : { severity: 'error', expected: [], suggestions: [], ...problem },
  );
  const renamed = new Set<XmlElement>();
  for (const diagnostic of joinHomes(
    analysis,
    joinNamespaces(analysis.schema, schemaDiagnostics(analysis)),
  )) {
    if (found.length >= MAX_DIAGNOSTICS) break;
    if (isConsequence(diagnostic, found, document.problems.length)) continue;
    found.push(diagnostic);
    if (diagnostic.element !== undefined && wantsNameOfEndTag(diagnostic)) renamed.add(diagnostic.element);
  }
  found.push(...hintsBeside(hints, found), ...notLookedAt(analysis));
  const told = renamed.size === 0 ? found : found.filter((each) => !isAnswered(each, renamed));
  return told.toSorted((a, b) => a.start - b.start || a.end - b.end);
}

/** Hints but for those about something that is wrong besides. */
function hintsBeside(hints: readonly Diagnostic[], found: readonly Diagnostic[]): readonly Diagnostic[] {
  if (hints.length === 0) return hints;
  const told = new Map<XmlElement | undefined, Set<XmlAttribute | undefined>>();
  for (const { element, attribute } of found)
    told.set(element, (told.get(element) ?? new Set()).add(attribute));
  return hints.filter(
    ({ code, element, attribute }) => code !== 'white-space' || told.get(element)?.has(attribute) !== true,
  );
}

function schemaDiagnostics(analysis: Analysis): Diagnostic[] {
  const { root } = analysis.document;
  if (root === undefined) return [];
  const repair = analysis.rootRepair();
  if (repair !== undefined) return report(analysis.schema, analysis.repairer, root, repair);
  const expected = namesOf(elementLeaves(analysis.schema.start)).map((name) => writtenName(name));
  return [
    {
      code: 'unknown-root',
      severity: 'error',
      start: root.nameStart,
      end: root.nameEnd,
      message: t('The document must be {0}, not {1}.', listed(expected, tagged), tagged(root.name)),
      element: root,
      expected,
      suggestions: nearestNames(root.name, expected),
    },
  ];
}

/** What is told where not all was looked at: no text that a person wrote has so many mistakes. */
function notLookedAt({ document: { root }, repairer }: Analysis): Diagnostic[] {
  if (root === undefined || !repairer.effort.isSpent) return [];
  return [
    {
      code: 'too-large',
      severity: 'error',
      start: root.nameStart,
      end: root.nameEnd,
      message: t('There are more mistakes here than are shown.'),
      element: root,
      expected: [],
      suggestions: [],
    },
  ];
}

/** A start tag that should be named as its end tag is: that they differ is the same mistake. */
function wantsNameOfEndTag({ code, element, suggestions }: Diagnostic): boolean {
  const name = element?.endTag?.name;
  return (
    code === 'unexpected-element' &&
    name !== undefined &&
    name !== element?.name &&
    suggestions.includes(name)
  );
}

function isAnswered({ code, element }: Diagnostic, renamed: ReadonlySet<XmlElement>): boolean {
  return code === 'mismatched-end-tag' && element !== undefined && renamed.has(element);
}

/** Whether the schema only repeats what XML itself has already complained about: the first `problems` of them. */
function isConsequence(diagnostic: Diagnostic, found: readonly Diagnostic[], problems: number): boolean {
  if (problems > 0 && (isOfItsEnd(diagnostic) || isOfItsPrefix(diagnostic))) return true;
  for (let index = 0; index < problems; index += 1) {
    const problem = found[index];
    if (problem === undefined) break;
    if (problem.start < diagnostic.end && diagnostic.start < problem.end) return true;
    const isMissing = diagnostic.code.startsWith('missing-');
    if (isMissing && problem.element !== undefined && problem.element === diagnostic.element) return true;
  }
  return false;
}

/** Whether it is about a name with a prefix that nothing declares. */
function isOfItsPrefix({ element, attribute }: Diagnostic): boolean {
  const named = attribute ?? element;
  return named !== undefined && isUnbound(named);
}

/** Whether it is about the whole content of an element without an end tag: nobody knows where that ends. */
function isOfItsEnd({ code, element, attribute }: Diagnostic): boolean {
  if (element === undefined || element.selfClosing || element.endTag !== undefined) return false;
  return (
    code.startsWith('missing-') ||
    ((code === 'bad-value' || code === 'white-space') && attribute === undefined)
  );
}
