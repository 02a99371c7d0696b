import type { Codec } from '../../../src/client/rpc/codec.ts';
import { ProtocolError } from '../../../src/client/rpc/error.ts';
import { XdrReader, XdrWriter } from '../../../src/client/rpc/xdr.ts';
import type { Random } from './random.ts';

const TEXTS = ['', 'a', 'guest', 'Grüße', '日本', '\u0000', '<&">', '../..', 'x'.repeat(300)];

/** A valid value of a codec and how it looks on the wire. */
export interface Sample {
  readonly value: unknown;
  readonly bytes: Buffer;
}

/**
 * Makes values up where a reader would read them, and notes what it would have had to read: so any codec yields
 * valid messages without being described a second time.
 */
class InventingReader extends XdrReader {
  readonly writer = new XdrWriter();
  readonly #random: Random;
  /** Items that may still be invented, so that lists in lists come to an end. */
  #items = 60;

  constructor(random: Random) {
    super(Buffer.alloc(0));
    this.#random = random;
  }

  override get remaining(): number {
    return 0;
  }

  override int(): number {
    const random = this.#random;
    // Small ones are what flags, types of unions and states are made of.
    const value = random.chance(0.8) ? random.below(9) : random.uint() | 0;
    this.writer.int(value);
    return value;
  }

  override uint(): number {
    const value = this.#random.chance(0.7) ? this.#random.below(9) : this.#random.uint();
    this.writer.uint(value);
    return value;
  }

  override hyper(): bigint {
    const value = BigInt.asIntN(64, this.#wide());
    this.writer.hyper(value);
    return value;
  }

  override uhyper(): bigint {
    const value = this.#wide();
    this.writer.uhyper(value);
    return value;
  }

  override double(): number {
    const value = this.#random.uint() / 1000;
    this.writer.double(value);
    return value;
  }

  override bool(): boolean {
    const value = this.#random.chance(0.5);
    this.writer.bool(value);
    return value;
  }

  override fixedOpaque(length: number): Buffer {
    const value = this.#random.bytes(length);
    this.writer.fixedOpaque(value);
    return value;
  }

  override hex(length: number): string {
    return this.fixedOpaque(length).toString('hex');
  }

  override opaque(max: number): Buffer {
    return this.fixedOpaque(this.length(max));
  }

  override string(max: number): string {
    const fitting = TEXTS.filter((text) => Buffer.byteLength(text) <= max);
    const value = this.#random.pick(fitting);
    this.writer.string(value);
    return value;
  }

  override length(max: number): number {
    const value = Math.min(max, this.#items, this.#random.below(this.#random.chance(0.1) ? 40 : 4));
    this.#items -= value;
    this.writer.uint(value);
    return value;
  }

  #wide(): bigint {
    const random = this.#random;
    if (random.chance(0.5)) return BigInt(random.below(1000));
    return (BigInt(random.uint()) << 32n) | BigInt(random.uint());
  }
}

/** A union refuses a type that it does not know: invent another one then. */
const TRIES = 50;

/** @throws Error when the codec refuses whatever is invented for it. */
export function sampleOf(codec: Codec<unknown>, random: Random): Sample {
  let refusal: unknown;
  for (let tries = 0; tries < TRIES; tries++) {
    const reader = new InventingReader(random);
    try {
      const value = codec.read(reader);
      return { value, bytes: Buffer.from(reader.writer.finish()) };
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      refusal = error;
    }
  }
  throw new Error(`No valid value was found in ${TRIES} tries`, { cause: refusal });
}
