import { Automaton, type Part } from './automaton.ts';

/*
 * Regular expressions of XML Schema. They look like JavaScript's but differ: a pattern always means the whole value, `^`
 * and `$` are plain characters, `.` is any character but line ends, classes can be subtracted, and `\i`, `\c`,
 * `\p{Is…}` have no counterpart.
 */

const NAME_START = String.raw`:A-Z_a-z\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{2FF}\u{370}-\u{37D}\u{37F}-\u{1FFF}\u{200C}\u{200D}\u{2070}-\u{218F}\u{2C00}-\u{2FEF}\u{3001}-\u{D7FF}\u{F900}-\u{FDCF}\u{FDF0}-\u{FFFD}\u{10000}-\u{EFFFF}`;
const NAME_PART = String.raw`${NAME_START}\-.0-9\u{B7}\u{300}-\u{36F}\u{203F}\u{2040}`;
const NOT_WORD = String.raw`\p{P}\p{Z}\p{C}`;

/** What a multi-character escape holds, as the inside of a class; the second part says whether it is the rest. */
const CLASSES: Readonly<Record<string, readonly [inside: string, negated: boolean]>> = {
  s: [String.raw`\x20\t\n\r`, false],
  S: [String.raw`\x20\t\n\r`, true],
  d: [String.raw`\p{Nd}`, false],
  D: [String.raw`\p{Nd}`, true],
  w: [NOT_WORD, true],
  W: [NOT_WORD, false],
  i: [NAME_START, false],
  I: [NAME_START, true],
  c: [NAME_PART, false],
  C: [NAME_PART, true],
};

const ESCAPED: Readonly<Record<string, string>> = { n: String.raw`\n`, r: String.raw`\r`, t: String.raw`\t` };

const QUANTITIES: Readonly<Record<string, readonly [min: number, max: number]>> = {
  '*': [0, Infinity],
  '+': [1, Infinity],
  '?': [0, 1],
};

/** Blocks of Unicode that schemas are likely to name; others are refused. */
const BLOCKS: Readonly<Record<string, string>> = {
  BasicLatin: String.raw`\u{0}-\u{7F}`,
  'Latin-1Supplement': String.raw`\u{80}-\u{FF}`,
  'LatinExtended-A': String.raw`\u{100}-\u{17F}`,
  'LatinExtended-B': String.raw`\u{180}-\u{24F}`,
  Greek: String.raw`\u{370}-\u{3FF}`,
  Cyrillic: String.raw`\u{400}-\u{4FF}`,
};

/** What tells which values a pattern allows. @throws SyntaxError */
export function readPattern(pattern: string): Automaton {
  return new Automaton(new Reader(pattern).run());
}

// not for people: each is the cause of a SchemaError
class Reader {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  run(): Part {
    const all = this.#choice();
    if (this.#at < this.#pattern.length) throw new SyntaxError(`“)” closes nothing in ${this.#pattern}`);
    return all;
  }

  /** The next character, whole. */
  #take(): string {
    const code = this.#pattern.codePointAt(this.#at);
    if (code === undefined) throw new SyntaxError(`The pattern ${this.#pattern} ends too early`);
    const character = String.fromCodePoint(code);
    this.#at += character.length;
    return character;
  }

  #peek(): string {
    return this.#pattern[this.#at] ?? '';
  }

  /** Up to the end, or to the “)” that ends a group. */
  #choice(): Part {
    const ways = [this.#sequence()];
    while (this.#peek() === '|') {
      this.#at += 1;
      ways.push(this.#sequence());
    }
    const [only] = ways;
    return ways.length === 1 && only !== undefined ? only : { kind: 'choice', parts: ways };
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (this.#at < this.#pattern.length && this.#peek() !== '|' && this.#peek() !== ')')
      parts.push(this.#repeated(this.#piece()));
    return { kind: 'sequence', parts };
  }

  #piece(): Part {
    const character = this.#take();
    switch (character) {
      case '.':
        return oneOf(String.raw`[^\n\r]`);
      case '\\': {
        const [inside, negated] = this.#escape();
        return oneOf(`[${negated ? '^' : ''}${inside}]`);
      }
      case '[':
        return oneOf(this.#class());
      case '(':
        return this.#group();
      case '*':
      case '+':
      case '?':
      case '{':
        throw new SyntaxError(`“${character}” repeats nothing in ${this.#pattern}`);
      default:
        return { kind: 'character', fits: (other) => other === character };
    }
  }

  #group(): Part {
    const inside = this.#choice();
    if (this.#peek() !== ')') throw new SyntaxError(`A group has no end in ${this.#pattern}`);
    this.#at += 1;
    return inside;
  }

  #repeated(part: Part): Part {
    const [min, max] = this.#quantity() ?? [1, 1];
    return min === 1 && max === 1 ? part : { kind: 'repeat', part, min, max };
  }

  #quantity(): readonly [min: number, max: number] | undefined {
    const simple = QUANTITIES[this.#peek()];
    if (simple !== undefined) {
      this.#at += 1;
      return simple;
    }
    if (this.#peek() !== '{') return undefined;
    const match = /^\{([0-9]+)(,([0-9]*))?\}/.exec(this.#pattern.slice(this.#at));
    if (match === null) throw new SyntaxError(`“{” starts no quantity in ${this.#pattern}`);
    this.#at += match[0].length;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === '' ? Infinity : Number(match[3]);
    if (max < min) throw new SyntaxError(`A quantity ends before it begins in ${this.#pattern}`);
    return [min, max];
  }

  #escape(): readonly [inside: string, negated: boolean] {
    const character = this.#take();
    const known = CLASSES[character];
    if (known !== undefined) return known;
    if (character === 'p' || character === 'P') return [this.#property(), character === 'P'];
    return [ESCAPED[character] ?? literal(character), false];
  }

  #property(): string {
    const match = /^\{([A-Za-z0-9-]+)\}/.exec(this.#pattern.slice(this.#at));
    const name = match?.[1];
    if (match === null || name === undefined)
      throw new SyntaxError(`A property has no name in ${this.#pattern}`);
    this.#at += match[0].length;
    if (!name.startsWith('Is')) return String.raw`\p{${name}}`;
    const block = BLOCKS[name.slice(2)];
    if (block === undefined) throw new SyntaxError(`The block ${name} is not known`);
    return block;
  }

  /** A class behind its `[`, with whatever is subtracted from it. */
  #class(): string {
    const negated = this.#peek() === '^';
    if (negated) this.#at += 1;
    let inside = '';
    let subtracted = '';
    for (;;) {
      if (this.#peek() === ']' && inside !== '') {
        this.#at += 1;
        break;
      }
      if (this.#pattern.startsWith('-[', this.#at) && inside !== '') {
        this.#at += 2;
        subtracted = this.#class();
        continue;
      }
      inside += this.#member();
    }
    const all = `[${negated ? '^' : ''}${inside}]`;
    return subtracted === '' ? all : `[${all}--${subtracted}]`;
  }

  /** One character, range or escape inside a class. */
  #member(): string {
    const from = this.#single();
    if (from.inside === undefined) return from.nested;
    const isRange =
      this.#peek() === '-' && this.#pattern[this.#at + 1] !== ']' && this.#pattern[this.#at + 1] !== '[';
    if (!isRange) return from.inside;
    this.#at += 1;
    const to = this.#single();
    if (to.inside === undefined) return `${from.inside}${literal('-')}${to.nested}`;
    return `${from.inside}-${to.inside}`;
  }

  #single(): { readonly inside: string } | { readonly inside: undefined; readonly nested: string } {
    const character = this.#take();
    if (character !== '\\') return { inside: literal(character) };
    const escaped = this.#peek();
    const [inside, negated] = this.#escape();
    if (CLASSES[escaped] === undefined && escaped !== 'p' && escaped !== 'P') return { inside };
    return { inside: undefined, nested: `[${negated ? '^' : ''}${inside}]` };
  }
}

/** A character of a class, which is written as JavaScript's. */
function oneOf(inside: string): Part {
  const expression = new RegExp(`^${inside}$`, 'v');
  return { kind: 'character', fits: (character) => expression.test(character) };
}

/** A character that stands for itself in a class. */
function literal(character: string): string {
  if (/^[A-Za-z0-9]$/.test(character)) return character;
  return String.raw`\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
