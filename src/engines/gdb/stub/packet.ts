/** A packet of gdb's remote protocol. Text is in latin1: a character a byte. */
export function packet(data: string): string {
  let sum = 0;
  for (const byte of Buffer.from(data, 'latin1')) sum = (sum + byte) & 0xff;
  return `$${data}#${sum.toString(16).padStart(2, '0')}`;
}

/** Splits a stream of that protocol into packets and the single bytes between them (acknowledgements, Ctrl-C). */
export class PacketSplitter {
  #rest = '';
  readonly #onPacket: (data: string) => void;
  readonly #onByte: (byte: string) => void;

  constructor(onPacket: (data: string) => void, onByte: (byte: string) => void) {
    this.#onPacket = onPacket;
    this.#onByte = onByte;
  }

  push(text: string): void {
    this.#rest += text;
    while (this.#rest !== '') {
      if (!this.#rest.startsWith('$')) {
        this.#onByte(this.#rest.slice(0, 1));
        this.#rest = this.#rest.slice(1);
        continue;
      }
      const end = this.#rest.indexOf('#');
      if (end === -1 || this.#rest.length < end + 3) return;
      const data = this.#rest.slice(1, end);
      this.#rest = this.#rest.slice(end + 3);
      this.#onPacket(data);
    }
  }
}
