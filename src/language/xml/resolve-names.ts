import { expandedName, type NamespaceScope, prefixOf } from './namespaces.ts';
import type { XmlAttribute, XmlElement, XmlProblemCode } from './tree.ts';

/** Where what is wrong with a text is told. */
export interface ProblemSink {
  problem(code: XmlProblemCode, start: number, end: number, message: string): void;
}

/**
 * Gives an element and its attributes the keys that they are compared by, and says which names are none.
 * @param around the namespaces of what the element stands in
 * @returns those inside of it
 */
export function resolveNames(
  element: XmlElement,
  around: NamespaceScope,
  problems: ProblemSink,
): NamespaceScope {
  let scope = around;
  const { attributes } = element;
  if (attributes.length > 0) {
    const bindings = declaredNamespaces(attributes);
    if (bindings !== undefined) scope = scope.with(bindings);
    checkAttributes(attributes, scope, problems);
  }
  element.key = expand(element.name, scope, element.nameStart, true, problems);
  return scope;
}

function checkAttributes(
  attributes: readonly XmlAttribute[],
  scope: NamespaceScope,
  problems: ProblemSink,
): void {
  for (const attribute of attributes) {
    if (attribute.name === 'xmlns' || attribute.name.startsWith('xmlns:')) attribute.key = '';
    else if (attribute.name.includes(':'))
      attribute.key = expand(attribute.name, scope, attribute.start, false, problems);
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
    problems.problem(
      'duplicate-attribute',
      attribute.start,
      attribute.end,
      `The attribute “${attribute.name}” is there twice.`,
    );
  });
}

function expand(
  name: string,
  scope: NamespaceScope,
  offset: number,
  isElement: boolean,
  problems: ProblemSink,
): string {
  const prefix = prefixOf(name);
  const local = prefix === '' ? name : name.slice(prefix.length + 1);
  if (prefix === '' && !isElement) return name;
  if (name.startsWith(':') || local === '' || local.includes(':') || !isNameStartOf(local)) {
    problems.problem(
      'bad-name',
      offset,
      offset + name.length,
      `“${name}” is no name: a colon stands between a prefix and a name.`,
    );
    return name;
  }
  const namespace = scope.resolve(prefix);
  if (namespace !== undefined) return expandedName(namespace, local);
  problems.problem(
    'unbound-prefix',
    offset,
    offset + prefix.length,
    `Nothing declares the prefix “${prefix}”: xmlns:${prefix}="…" is missing.`,
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
