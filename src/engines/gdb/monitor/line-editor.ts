/** What a key changed: the line is to be drawn again, was sent, or asks to be completed. */
export type LineEvent =
  | { readonly kind: 'changed' }
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'complete' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'end' };

const HISTORY_MAX = 200;
const LINE_MAX = 16_384;

/** The line that is being typed in a terminal, with the keys that people know from a shell. */
export class LineEditor {
  #text = '';
  #cursor = 0;
  readonly #history: string[] = [];
  #place = 0;
  /** A key whose bytes have not all come yet. */
  #pending = '';

  get text(): string {
    return this.#text;
  }

  get cursor(): number {
    return this.#cursor;
  }

  /** @param data what the terminal sent: keys, or a whole paste */
  feed(data: string): LineEvent[] {
    const events: LineEvent[] = [];
    let rest = this.#pending + data;
    this.#pending = '';
    while (rest !== '') {
      // oxlint-disable-next-line no-control-regex -- terminals speak in control characters
      const key = /^(?:\u001b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])|\r\n|[^])/u.exec(rest)?.[0] ?? rest;
      // oxlint-disable-next-line no-control-regex -- as above
      if (key === '\u001b' && /^\u001b(?:\[[0-9;]*|O)?$/.test(rest)) {
        this.#pending = rest;
        break;
      }
      rest = rest.slice(key.length);
      const event = this.#key(key);
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  /** Puts text in at the cursor, as a completion does. */
  insert(text: string): void {
    if (this.#text.length + text.length > LINE_MAX) return;
    this.#text = this.#text.slice(0, this.#cursor) + text + this.#text.slice(this.#cursor);
    this.#cursor += text.length;
  }

  #key(key: string): LineEvent | undefined {
    switch (key) {
      case '\r':
      case '\n':
      case '\r\n':
        return this.#send();
      case '\t':
        return { kind: 'complete' };
      case '\u0003':
        this.#set('');
        return { kind: 'cancel' };
      case '\u0004':
        return this.#text === '' ? { kind: 'end' } : undefined;
      case '\u007f':
      case '\b':
        return this.#remove(this.#cursor - 1, this.#cursor);
      case '\u001b[3~':
        return this.#remove(this.#cursor, this.#cursor + 1);
      case '\u0015':
        return this.#remove(0, this.#cursor);
      case '\u000b':
        return this.#remove(this.#cursor, this.#text.length);
      case '\u0017':
        return this.#remove(this.#text.slice(0, this.#cursor).search(/\S+\s*$/), this.#cursor);
      default:
        return this.#move(key) ?? this.#type(key);
    }
  }

  #move(key: string): LineEvent | undefined {
    switch (key) {
      case '\u001b[D':
        return this.#to(this.#cursor - 1);
      case '\u001b[C':
        return this.#to(this.#cursor + 1);
      case '\u001b[H':
      case '\u001bOH':
      case '\u0001':
        return this.#to(0);
      case '\u001b[F':
      case '\u001bOF':
      case '\u0005':
        return this.#to(this.#text.length);
      case '\u001b[A':
        return this.#recall(this.#place - 1);
      case '\u001b[B':
        return this.#recall(this.#place + 1);
      default:
        return undefined;
    }
  }

  #type(key: string): LineEvent | undefined {
    // oxlint-disable-next-line no-control-regex -- what is left of them means nothing here
    if (/^[\u0000-\u001f\u007f-\u009f]/.test(key)) return undefined;
    this.insert(key);
    return { kind: 'changed' };
  }

  #send(): LineEvent {
    const text = this.#text.trim();
    if (text !== '' && this.#history.at(-1) !== text) this.#history.push(text);
    if (this.#history.length > HISTORY_MAX) this.#history.shift();
    this.#set('');
    return { kind: 'line', text };
  }

  #remove(from: number, to: number): LineEvent | undefined {
    if (from < 0 || from >= to) return undefined;
    this.#text = this.#text.slice(0, from) + this.#text.slice(to);
    this.#cursor = from;
    return { kind: 'changed' };
  }

  #to(cursor: number): LineEvent {
    this.#cursor = Math.max(0, Math.min(this.#text.length, cursor));
    return { kind: 'changed' };
  }

  #recall(place: number): LineEvent | undefined {
    if (place < 0 || place > this.#history.length) return undefined;
    this.#text = this.#history[place] ?? '';
    this.#cursor = this.#text.length;
    this.#place = place;
    return { kind: 'changed' };
  }

  #set(text: string): void {
    this.#text = text;
    this.#cursor = text.length;
    this.#place = this.#history.length;
  }
}
