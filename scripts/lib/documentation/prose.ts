import { attributeOf, childElements, type XmlElement, type XmlNode } from '../../../src/language/xml/tree.ts';

/** Parts of a page that are no prose: lists of definitions are entries of their own, examples are too long. */
const APART = new Set(['dl', 'pre', 'section', 'table', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
/** Stands around what a text says of a version. */
const SINCE = '\uE000';
/** More than this is read on the page itself. */
const MAX_TEXT = 900;

/** All the text of a node. */
export function plain(node: XmlNode): string {
  if (node.kind === 'text' || node.kind === 'cdata') return node.value;
  return node.kind === 'element' ? node.children.map(plain).join('') : '';
}

const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** The text of a node with its words in typewriter type between backticks, and its items and rows as lines. */
function written(node: XmlNode): string {
  if (node.kind === 'text' || node.kind === 'cdata')
    return node.value.replaceAll('`', '').replaceAll(/\s+/g, ' ');
  if (node.kind !== 'element' || APART.has(node.name)) return '';
  if (attributeOf(node, 'class')?.value === 'since')
    return `${SINCE}${plain(node).replaceAll(/\s+/g, ' ').trim()}${SINCE}`;
  if (isLiteral(node)) return `\`${plain(node).replaceAll('`', '').replaceAll(/\s+/g, ' ').trim()}\``;
  const text = node.children.map(written).join('');
  if (node.name === 'sup') return text.replaceAll(/\d/g, (digit) => SUPERSCRIPT[Number(digit)] ?? digit);
  if (node.name === 'li') return `\n- ${text.trim()}\n`;
  return ['p', 'tr', 'ul', 'ol', 'blockquote'].includes(node.name) ? `\n${text}\n` : text;
}

/** The paragraphs, items and rows of some nodes, each one line. */
export function blocksOf(nodes: readonly XmlNode[]): string[] {
  return nodes
    .map(written)
    .join('')
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' ').trim())
    .filter((line) => line !== '' && line !== '-');
}

export function sentencesOf(block: string): string[] {
  return block.split(/(?<=[.;])\s+(?=[A-Z`])/);
}

/** The words in typewriter type in a text, without what else stands with them there: `type='pci'` is `type`. */
export function literalsIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)]
    .map(([, literal = '']) => /^[<\s]*\/?([A-Za-z_][\w:.-]*)/.exec(literal)?.[1] ?? '')
    .filter((name) => name !== '');
}

/** Those of an element, such as the term of a definition. */
export function literalsOf(element: XmlElement): string[] {
  return childElements(element).flatMap((child) =>
    isLiteral(child) ? literalsIn(`\`${plain(child)}\``) : literalsOf(child),
  );
}

export function isLiteral(element: XmlElement): boolean {
  return attributeOf(element, 'class')?.value.split(' ').includes('literal') === true;
}

/**
 * What is said of a version in some blocks: at the beginning or the end of a sentence, since what stands within one is
 * about a value. Empty when nothing is.
 */
export function sinceIn(blocks: readonly string[]): string {
  for (const block of blocks) {
    const [, first, last] = SINCE_SAID.exec(block) ?? [];
    const since = (first ?? last ?? '').replace(/^\((.*)\)$/, '$1');
    if (since !== '' && !/^["'`]/.test(since))
      return since.slice(0, 1).toUpperCase() + since.slice(1).replace(/\.$/, '');
  }
  return '';
}

const SINCE_SAID = new RegExp(
  `(?:^|[.;] |- )\\(? ?${SINCE}([^${SINCE}]*)${SINCE}|${SINCE}([^${SINCE}]*)${SINCE} ?\\)?[.;]?(?: (?=[A-Z])|$)`,
);

/** The cells of a table's rows, but for its head. */
export function rowsOf(table: XmlElement): string[][] {
  return childElements(table).flatMap((child) => {
    if (child.name !== 'tr') return child.name === 'thead' ? [] : rowsOf(child);
    return [
      childElements(child).map((cell) =>
        blocksOf([cell])
          .join(' ')
          .replaceAll(/[`\uE000]/g, ''),
      ),
    ];
  });
}

const DEFAULTS = [
  /\b(?:defaults to|will default to|defaulting to|default(?: value| setting| mode)? is|default) ["'`]([\w.+-]+)["'`]/i,
  /\b(?:defaults to|default(?: value)? is) (\d[\w.]*|yes|no|on|off|true|false|enabled|disabled)\b/i,
  /["'`]([\w.+-]+)["'`] \(default\)/i,
  /\(default ([\w.+-]+)\)/i,
  /["'`]([\w.+-]+)["'`],? (?:which )?is (?:the|used as) (?:the )?default\b/i,
];

/** The value that something has when nobody says otherwise, as far as the text says that plainly; else empty. */
export function defaultIn(text: string): string {
  for (const pattern of DEFAULTS) {
    const [, value] = pattern.exec(text) ?? [];
    if (value !== undefined) return value.replace(/\.$/, '');
  }
  return '';
}

/** Some of libvirt's pages close a bracket behind a version that they did not open. */
function withoutLooseEnd(block: string): string {
  // “1)” begins a point of a list.
  const counted = block.replaceAll(/ [\da-z]\)/g, '');
  const isLoose = counted.split('(').length < counted.split(')').length;
  return isLoose ? block.replace(/ \)/, '') : block;
}

/** Blocks as one text, cut behind a sentence where it is too long. */
export function textOfBlocks(blocks: readonly string[]): string {
  const text = blocks
    .map((block) =>
      withoutLooseEnd(block.replaceAll(SINCE, ''))
        .replaceAll(/ ([.,;:)])/g, '$1')
        .replaceAll('( ', '('),
    )
    .join('\n\n')
    .replaceAll(/\n\n(?=- )/g, '\n')
    .replace(/^- (?=[^\n]*$)/, '')
    .trim()
    // What is listed there has entries of its own.
    .replace(/:$/, '.');
  if (text.length <= MAX_TEXT) return text;
  const cut = text.slice(0, MAX_TEXT);
  const end = Math.max(cut.lastIndexOf('. '), cut.lastIndexOf('\n') - 1);
  const kept = cut.slice(0, end > MAX_TEXT / 2 ? end + 1 : cut.lastIndexOf(' '));
  // A word in typewriter type is not cut in two.
  const whole = (kept.match(/`/g) ?? []).length % 2 === 0 ? kept : kept.slice(0, kept.lastIndexOf('`'));
  return `${whole.trimEnd()} …`;
}
