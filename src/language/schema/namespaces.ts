import { t } from '@vscode/l10n';
import { prefixOf, splitExpandedName } from '../xml/namespaces.ts';
import type { XmlAttribute, XmlElement, XmlProblem } from '../xml/tree.ts';
import type { Analysis } from './analysis.ts';
import type { Diagnostic } from './diagnostic.ts';
import { valueRange } from './ranges.ts';
import type { Schema } from './schema.ts';
import { nearestNames } from './suggest.ts';
import { listed, usualPrefix } from './wording.ts';

/** A prefix that nothing declares, with the namespaces of the schema that it may stand for. */
export function undeclared({ document, schema }: Analysis, problem: XmlProblem): Diagnostic {
  const { text } = document;
  const prefix = text.slice(problem.start, problem.end);
  const local = /^:([^\s<>/='"]+)/.exec(text.slice(problem.end, problem.end + 100))?.[1] ?? '';
  const meant = namespacesLike(schema, prefix, local);
  const [only] = meant;
  return {
    ...problem,
    severity: 'error',
    ...(only !== undefined &&
      meant.length === 1 && {
        message: t('The prefix “{0}” is not declared: it stands for {1}.', prefix, only),
      }),
    expected: meant,
    suggestions: meant.length === 1 ? meant : [],
  };
}

/** Whether the name of an element or attribute has a prefix that nothing declares: that is told once. */
export function isUnbound({ key, name }: XmlElement | XmlAttribute): boolean {
  return key === name && name.includes(':');
}

/** What is wrong with elements only because of the namespace that their prefix is declared with, told once for each. */
export function joinNamespaces(schema: Schema, found: readonly Diagnostic[]): Diagnostic[] {
  const told = new Map<XmlAttribute, boolean>();
  return found.flatMap((diagnostic) => {
    const { element, attribute, code } = diagnostic;
    if (code !== 'unexpected-element' || element === undefined || attribute !== undefined)
      return [diagnostic];
    const { namespace, local } = splitExpandedName(element.key);
    if (namespace === '' || schema.namespaces.get(namespace)?.has(local) === true) return [diagnostic];
    const declared = declarationOf(element);
    if (declared === undefined) return [diagnostic];
    const known = told.get(declared.attribute);
    if (known !== undefined) return known ? [] : [diagnostic];
    const mistake = wrongNamespace(schema, declared, prefixOf(element.name), namespace, local);
    told.set(declared.attribute, mistake !== undefined);
    return [mistake ?? diagnostic];
  });
}

interface Declaration {
  readonly owner: XmlElement;
  readonly attribute: XmlAttribute;
}

function declarationOf(element: XmlElement): Declaration | undefined {
  const prefix = prefixOf(element.name);
  const name = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
  for (let owner: XmlElement | undefined = element; owner !== undefined; owner = owner.parent) {
    const attribute = owner.attributes.find((each) => each.name === name);
    if (attribute !== undefined) return { owner, attribute };
  }
  return undefined;
}

function wrongNamespace(
  schema: Schema,
  { owner, attribute }: Declaration,
  prefix: string,
  namespace: string,
  local: string,
): Diagnostic | undefined {
  const others = [...schema.namespaces.keys()].filter((each) => each !== namespace);
  const holding = others.filter((each) => schema.namespaces.get(each)?.has(local) === true);
  if (holding.length === 0 && schema.namespaces.has(namespace)) return undefined;
  const all = holding.length > 0 ? holding : others;
  // The URI says which one was meant better than a prefix, which anybody may choose.
  const parts = new Set(namespace.toLowerCase().split(/[^a-z0-9]+/));
  const named = all.filter((each) => parts.has(usualPrefix(each)));
  const usual = all.filter((each) => usualPrefix(each) === prefix.toLowerCase());
  const meant =
    [named, usual, nearestNames(namespace, all, 1), holding].find((each) => each.length > 0) ?? [];
  if (meant.length === 0) return undefined;
  return {
    code: 'unknown-namespace',
    severity: 'error',
    ...valueRange(attribute),
    message: t('“{0}” is no namespace that libvirt knows: did you mean {1}?', namespace, listed(meant)),
    element: owner,
    attribute,
    expected: meant,
    suggestions: meant,
  };
}

/** The namespaces that a prefix usually stands for, or else those that have an element of a name. */
export function namespacesLike({ namespaces }: Schema, prefix: string, local: string): string[] {
  const all = [...namespaces.keys()];
  const usual = all.filter((each) => usualPrefix(each) === prefix.toLowerCase());
  if (usual.length > 0) return usual;
  const [near] = nearestNames(prefix, all.map(usualPrefix), 1);
  const holding = all.filter((each) => namespaces.get(each)?.has(local) === true);
  const both = holding.filter((each) => usualPrefix(each) === near);
  return both.length > 0 ? both : holding;
}
