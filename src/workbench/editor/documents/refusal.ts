import { LineIndex } from '../../../language/xml/line-index.ts';
import { parseDocument } from '../../../language/xml/parse.ts';
import { type TextRange, textOf, type XmlDocument, type XmlElement } from '../../../language/xml/tree.ts';

/** The part of the text that libvirt's message is about: a line, element, attribute or value it names, else the root. */
export function placeOfRefusal(text: string, message: string): TextRange {
  const document = parseDocument(text);
  return lineNamed(text, message) ?? partNamed(document, message) ?? startTagOf(document.root);
}

/** libxml2 says `(domain_definition):12: …`, others say `line 12`. */
function lineNamed(text: string, message: string): TextRange | undefined {
  const [, behindFile, afterWord] = /\):(\d+):|\bline (\d+)/i.exec(message) ?? [];
  const line = Number(behindFile ?? afterWord) - 1;
  const index = new LineIndex(text);
  if (!(line >= 0 && line < index.lineCount)) return undefined;
  const start = index.lineStart(line);
  const end = Math.max(start, index.lineStart(line + 1) - (line + 1 < index.lineCount ? 1 : 0));
  const content = text.slice(start, end);
  return {
    start: start + (content.length - content.trimStart().length),
    end: start + content.trimEnd().length,
  };
}

/** Words that stand in half of all messages, or in all documents. */
const VAGUE = new Set([
  'domain',
  'network',
  'pool',
  'volume',
  'device',
  'devices',
  'features',
  'source',
  'target',
]);
const WEIGHTS = { value: 6, quotedElement: 4, quotedAttribute: 3, bareElement: 1 };

interface Words {
  readonly quoted: ReadonlySet<string>;
  readonly bare: ReadonlySet<string>;
}

/** The element that has most of what the message names; of several, the first. */
function partNamed(document: XmlDocument, message: string): TextRange | undefined {
  const words = wordsOf(message);
  let best: { score: number; range: TextRange } | undefined;
  for (const element of document.elements) {
    const found = scoreOf(element, words);
    if (found !== undefined && found.score > (best?.score ?? 0)) best = found;
  }
  return best?.range;
}

function scoreOf(element: XmlElement, words: Words): { score: number; range: TextRange } | undefined {
  let score = 0;
  let range: TextRange = startTagOf(element);
  if (words.quoted.has(element.key)) score += WEIGHTS.quotedElement;
  else if (words.bare.has(element.key)) score += WEIGHTS.bareElement;
  for (const attribute of element.attributes) {
    const named = words.quoted.has(attribute.key);
    const valued = attribute.value !== '' && words.quoted.has(attribute.value);
    if (named) score += WEIGHTS.quotedAttribute;
    if (valued) score += WEIGHTS.value;
    if (named || valued) range = attribute;
  }
  const text = textOf(element).trim();
  if (text !== '' && words.quoted.has(text)) {
    score += WEIGHTS.value;
    range = element;
  }
  return score === 0 ? undefined : { score, range };
}

function wordsOf(message: string): Words {
  const quoted = new Set<string>();
  for (const [, single, double, tag] of message.matchAll(/'([^']+)'|"([^"]+)"|<([\w:-]+)/g)) {
    const word = single ?? double ?? tag;
    if (word !== undefined) quoted.add(word);
  }
  const bare = new Set(
    [...message.matchAll(/[A-Za-z][\w-]{2,}/g)].map(([word]) => word).filter((word) => !VAGUE.has(word)),
  );
  return { quoted, bare };
}

function startTagOf(element: XmlElement | undefined): TextRange {
  return element === undefined ? { start: 0, end: 0 } : { start: element.start, end: element.startTagEnd };
}
