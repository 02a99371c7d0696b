import type { DocumentationEntry } from '../../../src/workbench/editor/language/find-entry.ts';
import { defaultIn, literalsIn, sentencesOf, sinceIn, textOfBlocks } from './prose.ts';

/** A sentence that is about the attribute or element, and does not only mention it. */
const SUBJECT =
  /`<?\/?([\w:.-]+)\/?>?` (?:sub-?)?(element|attribute)|(element|attribute)s?,? `<?\/?([\w:.-]+)\/?>?`/gi;
const MAX_WEAK = 3;

interface Around {
  /** What the paragraphs are about themselves. */
  readonly owner: string | undefined;
  readonly within: readonly string[];
  /** The elements and attributes that examples show. */
  readonly names: ReadonlySet<string>;
}

interface Spoken {
  readonly names: readonly string[];
  readonly isSubject: boolean;
  readonly as?: 'element' | 'attribute';
}

interface Said {
  readonly strong: string[];
  readonly weak: string[];
  readonly beside: Set<string>;
  as: 'element' | 'attribute' | undefined;
}

/** Attributes and elements without an entry of their own are spoken of in sentences: “The optional bus attribute …”. */
export function readMentions(blocks: readonly string[], around: Around): DocumentationEntry[] {
  const said = new Map<string, Said>();
  let current: Spoken = { names: [], isSubject: false };
  for (const block of blocks.map(rootAsLiteral)) {
    const isItem = block.startsWith('- ');
    if (!isItem) current = { names: [], isSubject: false };
    const leads =
      isItem &&
      !TERM.test(block) &&
      !around.names.has(literalsIn(block)[0] ?? '') &&
      !SUBJECT_START.test(block);
    // An item of a list goes with the sentence before it when it is about a value.
    const sentences = leads && current.isSubject ? [block] : sentencesOf(block);
    for (const sentence of sentences) {
      const found = leads && current.isSubject ? current : spokenOf(sentence, around, isItem);
      if (found.names.length > 0 && (found.isSubject || !current.isSubject || !isItem)) current = found;
      for (const name of current.names)
        note(said, name, current, sentence.startsWith('- ') ? `\n${sentence}` : sentence, block);
    }
  }
  return [...said].map(([name, { strong, weak, beside, as }]) => {
    const isStrong = strong.length > 0;
    const lines = (isStrong ? strong : weak.slice(0, MAX_WEAK)).join(' ').split(/ *\n/);
    const text = textOfBlocks(lines.filter((line) => line !== ''));
    return {
      name,
      within: around.within,
      text,
      since: sinceIn(lines),
      default: defaultIn(text),
      beside: [...new Set([...beside, ...(around.owner === undefined ? [] : [around.owner])])].filter(
        (each) => each !== name && around.names.has(each),
      ),
      rank: isStrong ? ('subject' as const) : ('mention' as const),
      ...(as !== undefined && { as }),
    };
  });
}

const ROOT = /\b(?:root element|top[- ]level tag)\b[^`]*`(\w+)`/i;

/** An item that begins with what it is about, as a term. */
const TERM = /^- ([\w-]+) --? /;

/** Where a page names the root element it does so between quotes. */
function rootAsLiteral(block: string): string {
  return /\btop[- ]level tag|\broot element/i.test(block) ? block.replaceAll(/'(\w+)'/g, '`$1`') : block;
}

/** An item of a list that says itself what it is about. */
const SUBJECT_START = /^- (?:The|An?|Its|This) (?:\w+ )?`/;

function note(said: Map<string, Said>, name: string, spoken: Spoken, sentence: string, block: string): void {
  let known = said.get(name);
  if (known === undefined)
    said.set(name, (known = { strong: [], weak: [], beside: new Set(), as: undefined }));
  known[spoken.isSubject ? 'strong' : 'weak'].push(sentence);
  known.as ??= spoken.as;
  for (const literal of literalsIn(block)) known.beside.add(literal);
}

function spokenOf(sentence: string, { owner, names }: Around, isItem: boolean): Spoken {
  const [, root] = ROOT.exec(sentence) ?? [];
  if (root !== undefined && root !== owner) return { names: [root], isSubject: true, as: 'element' };
  const [, term = ''] = (isItem && TERM.exec(sentence)) || [];
  if (names.has(term)) return { names: [term], isSubject: true };
  const subjects = [...sentence.matchAll(SUBJECT)].map(([, before, kind, kindBefore, behind]) => ({
    name: before ?? behind ?? '',
    as:
      (kind ?? kindBefore ?? '').toLowerCase() === 'element' ? ('element' as const) : ('attribute' as const),
  }));
  const others = subjects.filter(({ name }) => name !== owner);
  const [first] = others;
  if (first !== undefined) {
    // “Four attributes, `a`, `b` and `c`”: all of them are meant. Of elements the first is what it is about.
    const same = others.filter(({ as }) => as === 'attribute' && as === first.as).map(({ name }) => name);
    const listed = /attributes,? `/.test(sentence)
      ? literalsIn(sentence).filter((name) => name !== owner)
      : [];
    return { names: [...new Set([first.name, ...same, ...listed])], isSubject: true, as: first.as };
  }
  // `type='pci'` speaks of what has that value, not of the attribute.
  const plain = sentence.replaceAll(/`[^`]*=[^`]*`/g, '');
  const literals = literalsIn(plain).filter((name) => name !== owner && names.has(name));
  if (
    isItem &&
    sentence.startsWith('- `') &&
    literals[0] === literalsIn(sentence)[0] &&
    literals[0] !== undefined
  )
    return { names: [literals[0]], isSubject: true };
  return { names: [...new Set(literals)], isSubject: false };
}

/** Since when there is what the first of some blocks is about, which is not what its sentences say of other things. */
export function ownSince(blocks: readonly string[], owner: string): string {
  const around = { owner, within: [], names: new Set<string>() };
  let isOther = false;
  const own: string[] = [];
  for (const sentence of sentencesOf(blocks[0] ?? '')) {
    const isBare = literalsIn(sentence).length === 0 && sentence.length < 60;
    if (!isBare && spokenOf(sentence, around, false).isSubject) isOther = true;
    else if (sentence.includes(`\`${owner}\``)) isOther = false;
    if (!isOther) own.push(sentence);
  }
  return sinceIn([own.join(' ')]);
}
