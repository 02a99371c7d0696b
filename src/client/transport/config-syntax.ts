import { t } from '@vscode/l10n';
import { TransportError } from './error.ts';

/** A value in one of libvirt's configuration files, with the line it begins on. */
export type ConfigValue =
  | { readonly type: 'string'; readonly value: string; readonly line: number }
  | { readonly type: 'number'; readonly value: number; readonly line: number }
  | { readonly type: 'list'; readonly value: readonly ConfigValue[]; readonly line: number };

/** What stands between tokens: blanks, line ends, comments up to the end of their line. */
const GAP = /(?:\s|#[^\n]*)*/y;
const BLANKS = /[ \t]*/y;
const NAME = /[A-Za-z][A-Za-z0-9_]*/y;
const NUMBER = /[+-]?[0-9]+/y;
/** Nothing is escaped in a string, and only one in three quotes may span lines. */
const STRING = /"""(?<long>[^]*?)"""|"(?<double>[^"\r\n]*)"|'(?<single>[^'\r\n]*)'/y;
const END_OF_STATEMENT = /[ \t]*(?:;|\r?\n|(?=#)|$)/y;

/** Lists in lists mean nothing to libvirt; a file with many of them is only out for a stack overflow. */
const DEPTH_MAX = 8;

/**
 * Reads the syntax that all of libvirt's configuration files share: `name = value`, where a value is a string,
 * a whole number or a list. A name that is set again keeps its last value.
 * @throws TransportError (`configuration`) that names the file and the line.
 */
export function parseConfig(text: string, path: string): ReadonlyMap<string, ConfigValue> {
  return new ConfigParser(text, path).parse();
}

class ConfigParser {
  readonly #text: string;
  readonly #path: string;
  #offset = 0;

  constructor(text: string, path: string) {
    this.#text = text.replace(/^\u{FEFF}/u, '');
    this.#path = path;
  }

  /** The whole file, by name. @throws TransportError that names the file and the line. */
  parse(): ReadonlyMap<string, ConfigValue> {
    const entries = new Map<string, ConfigValue>();
    for (;;) {
      this.#take(GAP);
      if (this.#offset >= this.#text.length) return entries;
      const name = this.#take(NAME)?.[0] ?? this.#fail(t('a name is expected here'));
      this.#take(BLANKS);
      if (!this.#takeChar('=')) this.#fail(t('“=” is missing after {0}', name));
      this.#take(BLANKS);
      entries.set(name, this.#value(0));
      if (this.#take(END_OF_STATEMENT) === undefined)
        this.#fail(t('there is extra text after the value of {0}', name));
    }
  }

  #value(depth: number): ConfigValue {
    const line = this.#line();
    const string = this.#take(STRING)?.groups;
    if (string !== undefined)
      return { type: 'string', value: string['long'] ?? string['double'] ?? string['single'] ?? '', line };
    const number = this.#take(NUMBER)?.[0];
    if (number !== undefined) return { type: 'number', value: Number(number), line };
    if (this.#takeChar('[')) return { type: 'list', value: this.#items(depth + 1), line };
    const isQuote = /["']/.test(this.#text.charAt(this.#offset));
    return this.#fail(
      isQuote ? t('a quote is not closed') : t('a quoted string, a number or a list is expected here'),
    );
  }

  #items(depth: number): readonly ConfigValue[] {
    if (depth > DEPTH_MAX) this.#fail(t('the lists are nested too deeply'));
    const items: ConfigValue[] = [];
    for (;;) {
      this.#take(GAP);
      if (this.#takeChar(']')) return items;
      items.push(this.#value(depth));
      this.#take(GAP);
      if (this.#takeChar(']')) return items;
      if (!this.#takeChar(',')) this.#fail(t('a comma or “]” is missing in a list'));
    }
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#offset;
    const match = pattern.exec(this.#text) ?? undefined;
    if (match !== undefined) this.#offset += match[0].length;
    return match;
  }

  #takeChar(char: string): boolean {
    if (this.#text.charAt(this.#offset) !== char) return false;
    this.#offset++;
    return true;
  }

  #line(): number {
    return this.#text.slice(0, this.#offset).split('\n').length;
  }

  #fail(message: string): never {
    throw new TransportError(
      'configuration',
      `${this.#path}:${this.#line()}: ${message}`,
      t('Correct that line, or disable it with a “#” in front.'),
    );
  }
}
