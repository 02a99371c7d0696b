import { t } from '@vscode/l10n';
import { expandedName, type NamespaceScope, prefixOf } from './namespaces.ts';
import type { XmlAttribute, XmlElement, XmlProblemCode } from './tree.ts';
import { shortName } from './short-name.ts';

/** Takes what is wrong, with the place of it. */
export type Report = (code: XmlProblemCode, start: number, end: number, message: string) => void;

/** A prefix that nothing declares is one mistake, however often it is used. */
export function oncePerPrefix(report: Report): Report {
  const told = new Set<string>();
  return (code, start, end, message) => {
    if (code === 'unbound-prefix') {
      if (told.has(message)) return;
      told.add(message);
    }
    report(code, start, end, message);
  };
}

/**
 * Gives an element and its attributes their expanded names. Returns the scope that its children are in; `outer` is the
 * one around it.
 */
export function resolveNames(element: XmlElement, outer: NamespaceScope, report: Report): NamespaceScope {
  let scope = outer;
  const { attributes } = element;
  if (attributes.length > 0) {
    const bindings = declaredNamespaces(attributes);
    if (bindings !== undefined) scope = scope.with(bindings);
    checkAttributes(attributes, scope, report);
  }
  element.key = expand(element.name, scope, element.nameStart, true, report);
  return scope;
}

function checkAttributes(attributes: readonly XmlAttribute[], scope: NamespaceScope, report: Report): void {
  for (const attribute of attributes) {
    if (attribute.name === 'xmlns' || attribute.name.startsWith('xmlns:')) attribute.key = '';
    else if (attribute.name.includes(':'))
      attribute.key = expand(attribute.name, scope, attribute.start, false, report);
  }
  if (attributes.length < 2) return;
  const seen = attributes.length > 8 ? new Set<string>() : undefined;
  attributes.forEach((attribute, index) => {
    const id = attribute.key === '' ? attribute.name : attribute.key;
    const twice = seen
      ? seen.has(id)
      : attributes.findIndex((other) => (other.key === '' ? other.name : other.key) === id) < index;
    seen?.add(id);
    if (!twice) return;
    report(
      'duplicate-attribute',
      attribute.start,
      attribute.end,
      t('The attribute “{0}” is given twice.', shortName(attribute.name)),
    );
  });
}

function expand(
  name: string,
  scope: NamespaceScope,
  offset: number,
  isElement: boolean,
  report: Report,
): string {
  const prefix = prefixOf(name);
  const local = prefix === '' ? name : name.slice(prefix.length + 1);
  if (prefix === '' && !isElement) return name;
  if (name.startsWith(':') || local === '' || local.includes(':') || !isNameStartOf(local)) {
    report(
      'bad-name',
      offset,
      offset + name.length,
      t('“{0}” is not a valid name: a colon separates a prefix from a name.', shortName(name)),
    );
    return name;
  }
  const namespace = scope.resolve(prefix);
  if (namespace !== undefined) return expandedName(namespace, local);
  report(
    'unbound-prefix',
    offset,
    offset + prefix.length,
    t('The prefix “{0}” is not declared: add xmlns:{0}="…".', shortName(prefix)),
  );
  return name;
}

function declaredNamespaces(attributes: readonly XmlAttribute[]): Map<string, string> | undefined {
  let bindings: Map<string, string> | undefined;
  for (const { name, value } of attributes) {
    if (!name.startsWith('xmlns')) continue;
    if (name === 'xmlns') (bindings ??= new Map()).set('', value);
    else if (name.charCodeAt(5) === 0x3a) (bindings ??= new Map()).set(name.slice(6), value);
  }
  return bindings;
}

function isNameStartOf(local: string): boolean {
  return !/^[-.0-9]/.test(local);
}
