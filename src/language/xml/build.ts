import { t } from '@vscode/l10n';
import { isXmlCharacter } from './characters.ts';
import { encodeAttribute, encodeText } from './entities.ts';

/** An element to be written. Names are ours; every value may be anything. */
export interface NewElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: readonly (NewElement | string)[];
}

type Value = string | number | undefined;

/** Makes an element. What is undefined is left out: an attribute, a child, or text. */
export function element(
  name: string,
  attributes: Readonly<Record<string, Value>> = {},
  ...content: readonly (NewElement | Value)[]
): NewElement {
  const given = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as const],
  );
  return {
    name,
    attributes: Object.fromEntries(given),
    content: content
      .filter((each) => each !== undefined)
      .map((each) => (typeof each === 'number' ? String(each) : each)),
  };
}

/**
 * The text of an element, a line for each of its descendants.
 * @throws RangeError for a character that XML cannot hold, such as U+0000
 */
export function writeXml(root: NewElement): string {
  return `${write(root, '')}\n`;
}

function write({ name, attributes, content }: NewElement, indent: string): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}='${encodeAttribute(checked(value), "'")}'`,
  );
  const start = `${indent}<${name}${written.join('')}`;
  if (content.length === 0) return `${start}/>`;
  if (content.some((each) => typeof each === 'string'))
    return `${start}>${content.map((each) => (typeof each === 'string' ? encodeText(checked(each)) : write(each, ''))).join('')}</${name}>`;
  const inner = content.map((each) => (typeof each === 'string' ? each : write(each, `${indent}  `)));
  return `${start}>\n${inner.join('\n')}\n${indent}</${name}>`;
}

function checked(text: string): string {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (!isXmlCharacter(code))
      throw new RangeError(
        t('XML does not allow the character U+{0}', code.toString(16).padStart(4, '0').toUpperCase()),
      );
  }
  return text;
}
