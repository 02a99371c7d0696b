/** A packet of gdb's remote protocol. Text is in latin1: a character a byte. */
export function packet(data: string): string {
  let sum = 0;
  for (const byte of Buffer.from(data, 'latin1')) sum = (sum + byte) & 0xff;
  return `$${data}#${sum.toString(16).padStart(2, '0')}`;
}

/** Twice what QEMU ever sends or takes. */
const PACKET_MAX = 256 * 1024;

export interface PacketSink {
  /** What is between the marks of a packet. There is no `$` in it, since gdb begins anew at each. */
  onPacket(data: string): void;
  /** A byte between packets: an acknowledgement, Ctrl-C. */
  onByte(byte: string): void;
  /** A packet is longer than any that is believed; whatever follows is ignored. */
  onTooLong(): void;
}

/** Splits a stream of that protocol into packets and the single bytes between them. */
export class PacketSplitter {
  readonly #sink: PacketSink;
  readonly #mark = /[$#]/g;
  /** The packet that has begun. */
  #data: string | undefined;
  /** Digits of its sum that are still to come. Who sends them is believed anyway. */
  #digits = 0;
  #tooLong = false;

  constructor(sink: PacketSink) {
    this.#sink = sink;
  }

  push(text: string): void {
    let at = 0;
    while (at < text.length && !this.#tooLong) {
      if (this.#digits > 0) {
        at++;
        if (--this.#digits === 0) this.#end();
      } else if (this.#data === undefined) this.#between(text.charAt(at++));
      else at = this.#within(this.#data, text, at);
    }
  }

  #between(byte: string): void {
    if (byte === '$') this.#data = '';
    else this.#sink.onByte(byte);
  }

  #within(before: string, text: string, from: number): number {
    this.#mark.lastIndex = from;
    const end = this.#mark.exec(text)?.index ?? text.length;
    const data = before + text.slice(from, end);
    if (data.length > PACKET_MAX) {
      this.#tooLong = true;
      this.#sink.onTooLong();
    } else if (text[end] === '$') this.#data = '';
    else {
      this.#data = data;
      if (text[end] === '#') this.#digits = 2;
    }
    return end + 1;
  }

  #end(): void {
    const data = this.#data ?? '';
    this.#data = undefined;
    this.#sink.onPacket(data);
  }
}
