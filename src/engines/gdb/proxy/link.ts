import { t } from '@vscode/l10n';
import { coloursOnly, EscapeFilter } from '../../../model/text/escape-filter.ts';
import { packet, PacketSplitter } from '../stub/packet.ts';
import { DescriptionCheck } from './description-check.ts';
import { isKnown, knownFeatures } from './known-requests.ts';
import { narrowDescription, type RegisterLayout } from './narrow-registers.ts';

export interface LinkOptions {
  /**
   * For a 32-bit program in an `x86_64` machine. QEMU always tells such a machine's registers in their 64-bit
   * shape; gdb, with a 32-bit program, refuses them (“Remote 'g' packet reply is too long”) or misreads the stack.
   * So the description that gdb reads is of a 32-bit processor, and their values with it.
   */
  readonly narrow: boolean;
  /**
   * For a guest that goes backwards. QEMU 7.2 hangs for good when it is told to go back before its vCPU has
   * come to rest after a stop, so it is given a moment.
   */
  readonly paced: boolean;
}

export interface LinkEnds {
  toGdb(bytes: string): void;
  toStub(bytes: string): void;
  /** Something was refused, and the session goes on. */
  warn(sentence: string): void;
  /** Whoever is there is no stub of QEMU’s: both sides are hung up on. */
  hangUp(sentence: string): void;
}

/** How long after a stop QEMU is told to go backwards at the earliest. */
const REST_MS = 150;

/** gdb's request to stop: a byte outside of packets. */
const INTERRUPT = '\x03';
/** What lets the guest run, if only for an instruction. */
const RESUMES = /^(?:[cCsS]|vCont;|b[cs]$)/;
/** A debugger that does not tell when it stands still for a person goes on within this time where it goes on itself. */
const INTERRUPT_MS = 1000;
/** A stop that a request to stop led to (SIGINT). */
const INTERRUPTED = /^[TS]02/;

/** File-I/O's answer: it did not work, since it is not allowed (EACCES). */
const REFUSED = 'F-1,d';

/** Text for the console, in hexadecimal digits; `OK` begins likewise. */
const OUTPUT = /^O((?:[0-9a-fA-F]{2})+)$/;

/** One connection of gdb's. It has at most one request under way, so that a reply is known by the last request. */
export class ProxyLink {
  readonly fromGdb: PacketSplitter;
  readonly fromStub: PacketSplitter;
  readonly #ends: LinkEnds;
  readonly #options: LinkOptions;
  readonly #descriptions = new DescriptionCheck();
  readonly #decoder = new TextDecoder();
  readonly #output = new EscapeFilter(coloursOnly);
  #lastReply = 0;
  #layout: RegisterLayout | undefined;
  /** What becomes of the reply to the request that is under way; undefined when there is none. */
  #onReply: ((data: string) => void) | undefined;
  /** The stub has got that request. */
  #confirmed = false;
  /** The stub's confirmations of what gdb did not send. */
  #unconfirmed = 0;
  #warned = false;
  /** Until when gdb wants a stop that did not come of its request yet. */
  #interruptUntil = 0;

  constructor(options: LinkOptions, ends: LinkEnds) {
    this.#options = options;
    this.#ends = ends;
    const onTooLong = () => ends.hangUp(t('The guest’s gdb stub sent more than any stub of QEMU’s does.'));
    this.fromGdb = new PacketSplitter({
      onPacket: (data) => this.#request(data),
      onByte: (byte) => {
        if (byte === INTERRUPT) this.#interruptUntil = performance.now() + INTERRUPT_MS;
        ends.toStub(byte);
      },
      onTooLong,
    });
    this.fromStub = new PacketSplitter({
      onPacket: (data) => this.#reply(data),
      onByte: (byte) => this.#confirmation(byte),
      onTooLong,
    });
  }

  #request(data: string): void {
    const toGdb = (bytes: string) => this.#ends.toGdb(bytes);
    const layout = this.#layout;
    const description = /^qXfer:features:read:target\.xml:([0-9a-f]+),([0-9a-f]+)$/.exec(data);
    if (!isKnown(data)) {
      toGdb(`+${packet('')}`);
    } else if (this.#options.paced && (data === 'bs' || data === 'bc')) {
      const rest = Math.max(0, REST_MS - (performance.now() - this.#lastReply));
      setTimeout(() => this.#ask(data), rest);
    } else if (description !== null && this.#options.narrow) {
      toGdb('+');
      this.#describe(Number.parseInt(description[1] ?? '', 16), Number.parseInt(description[2] ?? '', 16));
    } else if (data.startsWith('qXfer:features:')) {
      this.#ask(data, (reply) => {
        if (this.#isGood(reply)) toGdb(packet(reply));
      });
    } else if (data.startsWith('qSupported')) {
      this.#ask(data, (reply) => toGdb(packet(knownFeatures(reply))));
    } else if (data === 'g' && layout !== undefined) {
      this.#ask(data, (reply) => toGdb(packet(layout.narrow(reply))));
    } else this.#ask(layout === undefined ? data : layout.widenWrite(data));
  }

  #ask(request: string, onReply = (reply: string) => this.#ends.toGdb(packet(reply))): void {
    this.#onReply = onReply;
    this.#confirmed = false;
    this.#ends.toStub(packet(request));
    // QEMU drops a request to stop that comes while the guest stands still, as at a log point between two hits.
    if (RESUMES.test(request) && performance.now() < this.#interruptUntil) this.#ends.toStub(INTERRUPT);
  }

  /** The guest stands still for whoever debugs it: a request to stop that nothing came of is forgotten. */
  settle(): void {
    this.#interruptUntil = 0;
  }

  #reply(data: string): void {
    if (data.startsWith('F')) {
      this.#refuse(data);
      return;
    }
    const handle = this.#onReply;
    if (handle === undefined || !this.#confirmed) {
      // It answers nothing: QEMU tells that the guest stopped, unasked, and gdb would take it for another reply.
      this.#ends.toStub('+');
      return;
    }
    const output = OUTPUT.exec(data)?.[1];
    if (output !== undefined) {
      this.#ends.toGdb(packet(`O${this.#cleaned(output)}`));
      return;
    }
    if (INTERRUPTED.test(data)) this.settle();
    this.#lastReply = performance.now();
    this.#onReply = undefined;
    handle(data);
  }

  /** What a stub may send outside of packets: that it has got one, or not. */
  #confirmation(byte: string): void {
    if (byte === '+') this.#confirmed = true;
    if (byte === '+' && this.#unconfirmed > 0) this.#unconfirmed--;
    else if (byte === '+' || byte === '-') this.#ends.toGdb(byte);
  }

  /** gdb does with this machine's files whatever a stub asks it to while the guest runs (File-I/O). */
  #refuse(request: string): void {
    this.#unconfirmed++;
    this.#ends.toStub(`+${packet(REFUSED)}`);
    if (this.#warned) return;
    this.#warned = true;
    const [name = ''] = /^[a-z]{1,20}/.exec(request.slice(1)) ?? [];
    this.#ends.warn(
      t('The guest’s host asked gdb to work with files of this machine (“{0}”), and was refused.', name),
    );
  }

  /** Text for gdb's console is for people, and nothing that an escape sequence can do in it but colours. */
  #cleaned(hex: string): string {
    const text = this.#decoder.decode(Buffer.from(hex, 'hex'), { stream: true });
    return Buffer.from(this.#output.push(text)).toString('hex');
  }

  #isGood(description: string): boolean {
    if (this.#descriptions.isGood(description)) return true;
    this.#ends.hangUp(t('The guest’s gdb stub describes its registers as no stub of QEMU’s does.'));
    return false;
  }

  /** gdb reads the description in pieces; it is made when the first is asked for. */
  #describe(offset: number, length: number): void {
    const answer = ({ description }: RegisterLayout) => {
      const last = offset + length >= description.length;
      this.#ends.toGdb(packet(`${last ? 'l' : 'm'}${description.slice(offset, offset + length)}`));
    };
    if (this.#layout !== undefined) answer(this.#layout);
    else
      this.#readFile('target.xml', (target) => {
        const names = [...target.matchAll(/<xi:include href="([\w.-]+)"/g)].map((match) => match[1] ?? '');
        this.#readFiles(names, target, (text) => {
          this.#layout = narrowDescription(text);
          answer(this.#layout);
        });
      });
  }

  #readFiles(names: readonly string[], before: string, then: (text: string) => void): void {
    const [name, ...rest] = names;
    if (name === undefined) then(before);
    else this.#readFile(name, (text) => this.#readFiles(rest, before + text, then));
  }

  #readFile(name: string, then: (text: string) => void, before = ''): void {
    this.#unconfirmed++;
    this.#ask(`qXfer:features:read:${name}:${before.length.toString(16)},800`, (reply) => {
      this.#ends.toStub('+');
      if (!this.#isGood(reply)) return;
      const text = before + reply.slice(1);
      // One that sends nothing would be asked for ever.
      if (reply.startsWith('m') && reply.length > 1) this.#readFile(name, then, text);
      else then(text);
    });
  }
}
