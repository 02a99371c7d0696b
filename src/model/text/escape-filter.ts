/* oxlint-disable no-control-regex -- terminals speak in control characters */

/** Whether a sequence is let through; it comes whole, in its 7-bit form. */
export type Allowed = (sequence: string) => boolean;

/** In the order of the alphabet: moving, erasing, scrolling, modes, colours, and what a terminal answers. */
const FUNCTION = /^\u001b\[[\u0000-\u001f0-?]*[ -/]*[@A-MPSTXZ`a-hl-np-su{-~]$/;
/** The size of the window and of a character, and a stack of titles. */
const WINDOW = /^\u001b\[(?:14|16|18|22|23)[0-9;]*t$/;
/** Cursor kept and restored, keypad, lines up and down, tab stops, a reset, and character sets. */
const SHORT = /^\u001b(?:[78=>cDEHMNOZno|}~]|[(-/#%][0-~])$/;
/** The palette, the colours of text, ground and cursor, and what takes them back. */
const PALETTE = /^\u001b\](?:4|1[012]|104|11[012])(?:;[^\u0000-\u001f\u007f-\u009f]*)?(?:\u0007|\u001b\\)$/;
/** A link to the web, and the end of a link. */
const LINK = /^\u001b\]8;[\w=:.-]*;(?:https?:\/\/[^\u0000-\u0020\u007f-\u009f]*)?(?:\u0007|\u001b\\)$/i;
/** What a terminal answers as if somebody had typed it. */
const QUESTION =
  /^\u001b(?:Z|\[[\u0000-\u001f0-?]*(?:[cnt]|\$p)|\[[\u0000-\u001f]*[>=?][\u0000-\u001f0-?]*[qu]|\].*;\?)/s;
const COLOUR = /^\u001b\[[0-9;:]*m$/;

/**
 * For a terminal that shows what a guest says: colours, the cursor, the other screen, modes, links to the web. Not the
 * clipboard (OSC 52), other links, titles, notices, folders and commands of a shell (OSC 7, 9, 633, 1337), nor
 * pictures and whatever else comes as a long string.
 */
export const forTerminal: Allowed = (sequence) =>
  FUNCTION.test(sequence) ||
  WINDOW.test(sequence) ||
  SHORT.test(sequence) ||
  PALETTE.test(sequence) ||
  LINK.test(sequence);

/** The same for what was said long ago: nobody waits for an answer any more, and a guest would take it for typed. */
export const forReplay: Allowed = (sequence) => !QUESTION.test(sequence) && forTerminal(sequence);

/** For a console that shows lines. */
export const coloursOnly: Allowed = (sequence) => COLOUR.test(sequence);

/** Longer than any that a program sends on purpose. */
const SEQUENCE_MAX = 256;
/** Long enough for the address of a link. */
const STRING_MAX = 4096;

/** Whatever may begin a sequence: an escape, and the 8-bit forms, which terminals take from UTF-8 as well. */
const BEGINNING = /[\u001b\u0080-\u009f]/g;
/** An escape ends a string whatever comes behind it; a bell ends an OSC only. */
const STRING_END = /[\u0018\u001a\u001b\u009c]/g;
const OSC_END = /[\u0007\u0018\u001a\u001b\u009c]/g;

const ESC = 0x1b;
const CAN = 0x18;
const SUB = 0x1a;

/** Where in a text it stands: between sequences, or in one. */
type State =
  | 'text'
  | 'escape'
  | 'csi'
  | 'osc'
  /** In a string of which nothing is let through: an OSC that is too long, and every other (DCS, SOS, PM, APC). */
  | 'long-osc'
  | 'string';

/** What an escape and this character, or its 8-bit form, begin. */
const BEGUN: Readonly<Record<string, State>> = {
  '[': 'csi',
  ']': 'osc',
  P: 'string',
  X: 'string',
  '^': 'string',
  _: 'string',
};

/**
 * Lets text through with those escape sequences that are allowed, and without all others. Text may come in chunks, cut
 * anywhere: a sequence that has begun waits for its end, so that what a terminal is given is always whole. Takes time
 * in proportion to the text, and bounded memory.
 */
export class EscapeFilter {
  readonly #allowed: Allowed;
  #state: State = 'text';
  #text = '';
  /** Where it goes on. */
  #at = 0;
  /** Where the sequence begins that it stands in. */
  #begin = 0;
  /** From where on nothing is shown yet. */
  #from = 0;
  #shown = '';

  constructor(allowed: Allowed) {
    this.#allowed = allowed;
  }

  push(chunk: string): string {
    // What has begun is all that is left of the text before.
    this.#text += chunk;
    while (this.#at < this.#text.length && this.#step());
    const rest = this.#state === 'text' ? this.#text.length : this.#begin;
    const shown = this.#shown + this.#text.slice(this.#from, rest);
    this.#text = this.#text.slice(rest);
    this.#at -= rest;
    this.#begin = this.#from = 0;
    this.#shown = '';
    return shown;
  }

  /** What has begun is forgotten: something else comes. */
  reset(): void {
    this.#state = 'text';
    this.#text = '';
    this.#at = 0;
  }

  /** Goes on by some characters. False when it needs more of them. */
  #step(): boolean {
    switch (this.#state) {
      case 'text':
        return this.#readText();
      case 'escape':
        return this.#readEscape();
      case 'csi':
        return this.#readCsi();
      case 'osc':
        return this.#readString(OSC_END);
      case 'long-osc':
        return this.#readString(OSC_END);
      case 'string':
        return this.#readString(STRING_END);
    }
  }

  #readText(): boolean {
    BEGINNING.lastIndex = this.#at;
    if (!BEGINNING.test(this.#text)) {
      this.#at = this.#text.length;
      return true;
    }
    this.#at = BEGINNING.lastIndex;
    this.#begin = this.#at - 1;
    const code = this.#text.charCodeAt(this.#begin);
    if (code === ESC) this.#state = 'escape';
    else this.#enter(BEGUN[String.fromCodePoint(code - 0x40)]);
    return true;
  }

  /** The 8-bit forms of other controls are nothing that a guest of today sends. */
  #enter(state: State | undefined): void {
    if (state === undefined) this.#cut(this.#at);
    else this.#state = state;
  }

  #readEscape(): boolean {
    const code = this.#text.charCodeAt(this.#at);
    const isFirst = this.#at === this.#begin + 1;
    const begun = isFirst ? BEGUN[this.#text.charAt(this.#at)] : undefined;
    if (begun !== undefined) {
      this.#at++;
      this.#state = begun;
    } else if (code >= 0x20 && code < 0x30 && this.#at - this.#begin < SEQUENCE_MAX) this.#at++;
    else if (code >= 0x30 && code < 0x7f) this.#judge(this.#at + 1);
    else this.#cut(this.#at);
    return true;
  }

  /** Terminals act on other control characters within a sequence, and go on with it. */
  #readCsi(): boolean {
    const text = this.#text;
    const end = Math.min(text.length, this.#begin + SEQUENCE_MAX);
    let at = this.#at;
    let code = 0;
    for (; at < end; at++) {
      code = text.charCodeAt(at);
      if (code >= 0x40 || code === ESC || code === CAN || code === SUB) break;
    }
    this.#at = at;
    if (at === text.length && at < this.#begin + SEQUENCE_MAX) return false;
    if (at < end && code >= 0x40 && code < 0x7f) this.#judge(at + 1);
    else this.#cut(at);
    return true;
  }

  #readString(ends: RegExp): boolean {
    const text = this.#text;
    ends.lastIndex = this.#at;
    const found = ends.test(text);
    const at = found ? ends.lastIndex - 1 : text.length;
    this.#at = at;
    if (this.#state !== 'osc' || at - this.#begin > STRING_MAX) this.#leaveOut(at);
    if (!found) return false;
    const code = text.charCodeAt(at);
    // An escape may be the half of the end.
    if (code === ESC && at + 1 === text.length) return false;
    const isEnd = code !== ESC || text[at + 1] === '\\';
    const end = isEnd ? at + (code === ESC ? 2 : 1) : at;
    if (this.#state === 'osc' && isEnd && code !== CAN && code !== SUB) this.#judge(end);
    else this.#cut(end);
    return true;
  }

  /** Nothing up to there will be shown, whatever comes. */
  #leaveOut(end: number): void {
    if (this.#state === 'osc') this.#state = 'long-osc';
    this.#show(this.#begin);
    this.#from = this.#begin = end;
  }

  /** A sequence is whole. */
  #judge(end: number): void {
    const sequence = this.#text.slice(this.#begin, end);
    const plain = in7Bits(sequence);
    if (!this.#allowed(plain)) this.#cut(end);
    else {
      if (plain !== sequence) {
        this.#show(this.#begin);
        this.#shown += plain;
        this.#from = end;
      }
      this.#at = end;
      this.#state = 'text';
    }
  }

  /** Leaves out the sequence up to there, and goes on with text. */
  #cut(end: number): void {
    this.#show(this.#begin);
    this.#from = this.#at = end;
    this.#state = 'text';
  }

  #show(end: number): void {
    if (end > this.#from) this.#shown += this.#text.slice(this.#from, end);
  }
}

/** Rewrites the 8-bit forms of a beginning and an end. */
function in7Bits(sequence: string): string {
  const last = sequence.length - 1;
  if (sequence.charCodeAt(0) === ESC && sequence[last] !== '\u009c') return sequence;
  const begun = sequence.replace(/^\u009b/, '\u001b[').replace(/^\u009d/, '\u001b]');
  return begun.endsWith('\u009c') ? `${begun.slice(0, -1)}\u001b\\` : begun;
}
