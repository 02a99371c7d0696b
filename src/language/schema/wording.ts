import { t } from '@vscode/l10n';
import { prefixOf, splitExpandedName } from '../xml/namespaces.ts';
import { shortName } from '../xml/short-name.ts';
import type { XmlElement } from '../xml/tree.ts';
import { describeType } from './describe-type.ts';
import { listedNames } from './grammar.ts';
import type { AttributePattern, ElementPattern, Pattern } from './pattern.ts';
import { takesAnyText, textualLeaves } from './survey.ts';

/** The most names that a sentence lists. */
const MAX_LISTED = 8;
/** Of values, people want to see all. */
const MAX_VALUES = 24;

/**
 * An expanded name as a person writes it. A name in a namespace gets the prefix that the element's surroundings
 * declare for it, or else one made of the namespace: `qemu` for “…/schemas/domain/qemu/1.0”.
 */
export function writtenName(key: string, near?: XmlElement): string {
  const { namespace, local } = splitExpandedName(key);
  if (namespace === '') return local;
  for (let at = near; at !== undefined; at = at.parent) {
    for (const { name, value } of at.attributes)
      if (name.startsWith('xmlns:') && value === namespace) return `${name.slice(6)}:${local}`;
  }
  return `${usualPrefix(namespace)}:${local}`;
}

/** The prefix that documents use for one of libvirt's namespaces. */
export function usualPrefix(namespace: string): string {
  const parts = namespace.split('/').filter((part) => /^[a-z]/i.test(part));
  return parts.at(-1) ?? 'ns';
}

/** Whether a document must declare a namespace before the name can be used. */
export function needsDeclaration(key: string, near: XmlElement | undefined): string | undefined {
  const { namespace } = splitExpandedName(key);
  if (namespace === '') return undefined;
  const prefix = prefixOf(writtenName(key, near));
  for (let at = near; at !== undefined; at = at.parent)
    if (at.attributes.some(({ name, value }) => name === `xmlns:${prefix}` && value === namespace))
      return undefined;
  return `xmlns:${prefix}='${namespace}'`;
}

export function leafName(leaf: ElementPattern | AttributePattern, near?: XmlElement): string {
  const [name] = listedNames(leaf.nameClass);
  return name === undefined ? '…' : writtenName(name, near);
}

/** “a, b or c”; long lists end with how many more there are. */
export function listed(
  words: readonly string[],
  quote: (word: string) => string = quoted,
  most = MAX_LISTED,
): string {
  // “One of 1 more” is longer than what it leaves out.
  const shown = words.slice(0, words.length === most + 1 ? undefined : most).map(quote);
  const more = words.length - shown.length;
  if (more > 0) return t('{0} or one of {1} more', shown.join(', '), more);
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : t('{0} or {1}', shown.join(', '), last);
}

export function listedValues(values: readonly string[]): string {
  return listed(values, quoted, MAX_VALUES);
}

function quoted(word: string): string {
  return t('“{0}”', word);
}

export function tagged(name: string): string {
  return `<${shortName(name)}>`;
}

/** A long text cut short for a sentence. White space around it is shown, since that may be what is wrong. */
export function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

/** The values that content lists one by one, and whether others are allowed besides. */
export function valuesOf(contents: readonly Pattern[]): {
  readonly values: string[];
  readonly open: boolean;
} {
  const values = new Set<string>();
  let open = false;
  for (const content of contents) {
    open ||= takesAnyText(content);
    for (const leaf of textualLeaves(content)) {
      if (leaf.kind === 'value') values.add(leaf.value.trim());
      else if (leaf.kind === 'list') for (const value of valuesOf([leaf.part]).values) values.add(value);
      if (leaf.kind === 'data') {
        const choices = patternChoices(leaf.type.facets);
        if (choices === undefined) open = true;
        else for (const value of choices) values.add(value);
      }
    }
  }
  return { values: [...values], open };
}

const WORDS = /^\(?([A-Za-z0-9_-]+(?:\|[A-Za-z0-9_-]+)*)\)?$/;

/** A pattern that is only alternatives of plain words is a list of values, too. */
function patternChoices(facets: readonly (readonly [string, string])[]): readonly string[] | undefined {
  const [first] = facets;
  if (facets.length !== 1 || first?.[0] !== 'pattern' || !first[1].includes('|')) return undefined;
  return WORDS.exec(first[1].replaceAll(')|(', '|'))?.[1]?.split('|');
}

/** What kind of value is wanted, in words: “a whole number from 1 to 255”. */
export function describeContent(contents: readonly Pattern[]): string {
  const { values } = valuesOf(contents);
  const words: string[] = [];
  if (values.length > 0) words.push(listedValues(values));
  for (const leaf of contents.flatMap(textualLeaves)) {
    if (leaf.kind !== 'data' || patternChoices(leaf.type.facets) !== undefined) continue;
    const text = describeType(leaf.type);
    if (!words.includes(text)) words.push(text);
  }
  if (contents.some(takesAnyText)) words.push(t('any text'));
  const [first = '', ...others] = words.slice(0, 3);
  return others.reduce((all, word) => t('{0}, or {1}', all, word), first);
}
