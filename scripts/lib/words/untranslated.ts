import { FILLED, hasLetters, readsLikeProse } from './prose.ts';
import { childrenOf, lastName, nodeIn, nodesIn, parse, stringOf, valueIn, type Node } from './syntax.ts';
import { Exceptions } from './exceptions.ts';

/** Where a text breaks a rule, with the number of its line, from 1 on. */
export interface Finding {
  readonly line: number;
  readonly message: string;
}

const PACKAGE = '@vscode/l10n';

/** Types, and names of modules. */
const NO_TEXT = /^(?:TSTypeAnnotation|TSTypeParameter.*|TSTypeAlias.*|TSInterface.*|Import.*|ExportAll.*)$/;
/** Work on a text, or hand it to a program: what they are given is not shown. */
const FOR_PROGRAMS = new Set<unknown>(
  'RegExp has get includes indexOf startsWith endsWith split match matchAll monitor sendCommand'.split(' '),
);
/** Say what only a developer can mend: a fault of the program, and one of a schema, which goes to the log. */
const FOR_DEVELOPERS = new Set<unknown>(['TypeError', 'SchemaError']);
/** Of the presenter: they write to the log, which is for developers and stays English. */
const FOR_THE_LOG = new Set<unknown>(['background', 'note']);
/** Properties that VS Code, and our errors, show. */
const SHOWN = new Set<unknown>(
  'label title description detail tooltip placeHolder prompt hint message'.split(' '),
);
const COMPARISONS = new Set<unknown>(['===', '!==', 'in']);

/**
 * Finds what would reach people untranslated in a source file. The rules:
 *
 * - What people read is a whole sentence in `t('… {0} …', value)` of `@vscode/l10n`. The sentence is one plain string,
 *   so that a tool can collect it. One thing and many things have a sentence each.
 * - Whatever else reads like prose (see `readsLikeProse`) is a finding, and so is any word in a property that is shown,
 *   such as `label`. Types, comparisons, names of properties and modules, regular expressions, `String.raw`, the log
 *   (`presenter.background`, `presenter.note`), and `TypeError` (a fault of the program) are not for people.
 * - No sentence is made of translated pieces: `t()` stands in no `+`, in no other `t()`, and in no template except one
 *   that only puts whole sentences beside each other.
 * - `t()` is called when the text is needed. A module is loaded before the language is known: a table holds functions.
 * - A text for a program or a developer that reads like prose is marked. The comment covers what follows it, be it an
 *   argument, a property, a statement or a function: `// not for people: ssh reads it`
 */
export function findUntranslated(file: string, text: string): Finding[] {
  const { program, comments } = parse(file, text);
  const exceptions = new Exceptions(text, comments);
  const search = new Search(exceptions);
  search.visit(program, { depth: 0 });
  const line = (at: number): number => text.slice(0, at).split('\n').length;
  return [...search.found, ...exceptions.unneeded()]
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, message }) => ({ line: line(at), message }));
}

/** What stands around a node. */
interface Place {
  /** How many functions are around it: 0 runs while the module is loaded. */
  readonly depth: number;
  /** It is the value of a property that is shown. */
  readonly shown?: boolean;
  /** It is put into a longer text. */
  readonly glued?: boolean;
}

class Search {
  readonly found: { at: number; message: string }[] = [];
  readonly #exceptions: Exceptions;

  constructor(exceptions: Exceptions) {
    this.#exceptions = exceptions;
  }

  visit(node: Node, place: Place): void {
    const exception = this.#exceptions.covering(node);
    if (exception === undefined) {
      this.#look(node, place);
      return;
    }
    const before = this.found.length;
    this.#look(node, place);
    // What it excuses is taken back.
    if (this.found.splice(before).length > 0) exception.needed = true;
  }

  #look(node: Node, place: Place): void {
    switch (node.type) {
      case 'ImportDeclaration':
        this.#import(node);
        return;
      case 'Literal':
        this.#text(node, stringOf(node) ?? '', place);
        return;
      case 'TemplateLiteral':
        this.#template(node, place);
        return;
      case 'TaggedTemplateExpression':
        this.#tagged(node, place);
        return;
      case 'CallExpression':
      case 'NewExpression':
        this.#call(node, place);
        return;
      case 'BinaryExpression':
        this.#binary(node, place);
        return;
      case 'ConditionalExpression':
        if (isPluralEnding(node))
          this.#add(node, 'a plural is more than an ending: write one sentence for each');
        this.#children(node, place);
        return;
      default:
        if (!NO_TEXT.test(node.type)) this.#children(node, place);
    }
  }

  #children(node: Node, place: Place): void {
    for (const [key, child] of childrenOf(node)) {
      if (isName(node, key) || isTest(node, key)) continue;
      this.visit(child, { ...placeIn(node, key, place) });
    }
  }

  #text(node: Node, text: string, { shown }: Place): void {
    if (readsLikeProse(text) || (shown === true && hasLetters(text)))
      this.#add(node, `${excerpt(text)} is not translated`);
  }

  #template(node: Node, place: Place): void {
    const pieces = nodesIn(node, 'quasis').map((piece) => {
      const { cooked } = valueIn(piece, 'value') as { cooked: string | null };
      return cooked ?? '';
    });
    this.#text(node, pieces.join(FILLED), place);
    const glued = pieces.some((piece) => piece.trim() !== '');
    for (const part of nodesIn(node, 'expressions')) this.visit(part, { depth: place.depth, glued });
  }

  #tagged(node: Node, { depth }: Place): void {
    if (lastName(nodeIn(node, 'tag')) === 't') this.#add(node, 't is called with a string, not as a tag');
    for (const part of nodesIn(nodeIn(node, 'quasi'), 'expressions')) this.visit(part, { depth });
  }

  #call(node: Node, place: Place): void {
    const callee = nodeIn(node, 'callee');
    const name = lastName(callee);
    const given = nodesIn(node, 'arguments');
    if (name === 't') {
      this.#sentence(node, callee, given, place);
      return;
    }
    if (callee !== undefined) this.visit(callee, { depth: place.depth });
    const excused = FOR_PROGRAMS.has(name) || FOR_DEVELOPERS.has(name) || isForLog(callee);
    for (const argument of given) {
      const isText = argument.type === 'Literal' || argument.type === 'TemplateLiteral';
      if (!isText || !excused) this.visit(argument, { depth: place.depth });
    }
  }

  #sentence(node: Node, callee: Node | undefined, [first, ...values]: readonly Node[], place: Place): void {
    if (callee?.type !== 'Identifier')
      this.#add(node, `t is imported from ${PACKAGE} by its name, here as everywhere`);
    if (place.depth === 0)
      this.#add(node, 't is called while the module is loaded, before the language is known');
    if (place.glued === true) this.#add(node, 'what t says is put into a longer text: make it one sentence');
    const sentence = stringOf(first);
    if (sentence === undefined) {
      this.#add(node, 'the sentence is not one plain string');
      if (first !== undefined) this.visit(first, { depth: place.depth, glued: true });
    } else if (values.length > 0 || /\{\d+\}/.test(sentence)) this.#placeholders(node, sentence, values);
    for (const value of values) this.visit(value, { depth: place.depth, glued: true });
  }

  #placeholders(node: Node, sentence: string, values: readonly Node[]): void {
    if (values.some(({ type }) => type === 'SpreadElement')) return;
    const named = new Set([...sentence.matchAll(/\{(\d+)\}/g)].map(([, index]) => Number(index)));
    const complete = values.every((_, index) => named.has(index));
    if (!complete || named.size !== values.length || /[{}]/.test(sentence.replaceAll(/\{\d+\}/g, '')))
      this.#add(node, `${excerpt(sentence)} names other placeholders than there are values`);
  }

  #binary(node: Node, place: Place): void {
    const operator = valueIn(node, 'operator');
    if (COMPARISONS.has(operator)) {
      for (const [, side] of childrenOf(node)) if (stringOf(side) === undefined) this.visit(side, place);
    } else this.#children(node, { ...place, glued: operator === '+' });
  }

  #import(node: Node): void {
    if (stringOf(nodeIn(node, 'source')) !== PACKAGE) return;
    for (const specifier of nodesIn(node, 'specifiers')) {
      const imported = lastName(nodeIn(specifier, 'imported'));
      if (imported === undefined || imported !== lastName(nodeIn(specifier, 'local')))
        this.#add(specifier, `${PACKAGE} is imported by its names: import { t } from '${PACKAGE}'`);
    }
  }

  #add({ start }: Node, message: string): void {
    this.found.push({ at: start, message });
  }
}

/** Whether a child is only a name of a property or a member. */
function isName(node: Node, key: string): boolean {
  return key === 'key' ? valueIn(node, 'computed') !== true : key === 'property' || key === 'typeArguments';
}

function isForLog(callee: Node | undefined): boolean {
  const holder = lastName(nodeIn(callee, 'object')) ?? '';
  return FOR_THE_LOG.has(lastName(callee)) && /presenter$/i.test(holder);
}

/** `n === 1 ? '' : 's'` */
function isPluralEnding(node: Node): boolean {
  const branches = [stringOf(nodeIn(node, 'consequent')), stringOf(nodeIn(node, 'alternate'))];
  return branches.includes('') && branches.some((branch) => branch === 's' || branch === 'es');
}

function isTest(node: Node, key: string): boolean {
  return node.type === 'SwitchCase' && key === 'test' && stringOf(nodeIn(node, key)) !== undefined;
}

function placeIn(node: Node, key: string, { depth, shown, glued }: Place): Place {
  if (/Function/.test(node.type)) return { depth: depth + 1 };
  if (node.type === 'PropertyDefinition')
    return { depth: valueIn(node, 'static') === true ? depth : depth + 1 };
  if (node.type === 'Property')
    return { depth, shown: key === 'value' && SHOWN.has(lastName(nodeIn(node, 'key'))) };
  // `a ? b : c`, `a ?? b` and `b as C` are in the place of b.
  const passes = /^(?:Conditional|Logical|TSAs|TSSatisfies|TSNonNull|Parenthesized|Binary)/.test(node.type);
  if (!passes || key === 'test') return { depth };
  return { depth, ...(shown && { shown }), ...(glued && { glued }) };
}

function excerpt(text: string): string {
  const line = text.replaceAll(FILLED, '…').replaceAll(/\s+/g, ' ').trim();
  return `“${line.length > 70 ? `${line.slice(0, 69)}…` : line}”`;
}
