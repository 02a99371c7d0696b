import { t } from '@vscode/l10n';
import type { XmlAttribute, XmlElement } from '../xml/tree.ts';
import { listed, listedValues, shortened, tagged } from './wording.ts';

/** An element that may not be in another; `here` when it may be there at other times. */
export function strange(
  { name }: XmlElement,
  child: XmlElement,
  here: boolean,
  suggestions: readonly string[],
): string {
  const names = [tagged(name), tagged(child.name)] as const;
  if (suggestions.length === 0)
    return here ? t('{0} may not contain {1} here.', ...names) : t('{0} may not contain {1}.', ...names);
  const meant = listed(suggestions, tagged);
  return here
    ? t('{0} may not contain {1} here: did you mean {2}?', ...names, meant)
    : t('{0} may not contain {1}: did you mean {2}?', ...names, meant);
}

/** A stranger that holds what belongs in the element around it. */
export function tooDeep({ name }: XmlElement, stranger: XmlElement, held: XmlElement): string {
  return t(
    '{0} may not contain {1}: {2} belongs directly in {0}.',
    tagged(name),
    tagged(stranger.name),
    tagged(held.name),
  );
}

/** An element that is missing, where another has to come after it. */
export function lacking({ name }: XmlElement, child: string, before: XmlElement | undefined): string {
  return before === undefined
    ? t('{0} needs {1}.', tagged(name), tagged(child))
    : t('{0} needs {1} before {2}.', tagged(name), tagged(child), tagged(before.name));
}

/** A value that the attribute can never have; `wanted` says in words what it can be. */
export function badValue(
  { name }: XmlElement,
  attribute: XmlAttribute,
  suggestions: readonly string[],
  wanted: string,
): string {
  const owner = [attribute.name, tagged(name)] as const;
  const value = shortened(attribute.value);
  if (attribute.value === '') {
    if (suggestions.length > 0)
      return t('“{0}” of {1} is empty: did you mean {2}?', ...owner, listed(suggestions));
    return wanted === ''
      ? t('“{0}” of {1} is empty.', ...owner)
      : t('“{0}” of {1} is empty: expected {2}.', ...owner, wanted);
  }
  if (suggestions.length > 0)
    return t(
      '“{2}” is not a valid value for “{0}” of {1}: did you mean {3}?',
      ...owner,
      value,
      listed(suggestions),
    );
  return wanted === ''
    ? t('“{2}” is not a valid value for “{0}” of {1}.', ...owner, value)
    : t('“{2}” is not a valid value for “{0}” of {1}: expected {3}.', ...owner, value, wanted);
}

/** A value that the attribute can have, but not beside the rest of its element. */
export function unsuitable({ name }: XmlElement, attribute: XmlAttribute, others: readonly string[]): string {
  const words = [attribute.name, tagged(name), shortened(attribute.value)] as const;
  return others.length === 0
    ? t('“{0}” of {1} cannot be “{2}” in this combination.', ...words)
    : t('“{0}” of {1} cannot be “{2}” in this combination: expected {3}.', ...words, listedValues(others));
}

export function badText(
  { name }: XmlElement,
  text: string,
  suggestions: readonly string[],
  wanted: string,
): string {
  const words = [shortened(text), tagged(name)] as const;
  if (suggestions.length > 0)
    return t('“{0}” is not a valid value for {1}: did you mean {2}?', ...words, listed(suggestions));
  return wanted === ''
    ? t('“{0}” is not a valid value for {1}.', ...words)
    : t('“{0}” is not a valid value for {1}: expected {2}.', ...words, wanted);
}
