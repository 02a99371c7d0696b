import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { type Codec, decode } from '../../../src/client/rpc/codec.ts';
import { ProtocolError } from '../../../src/client/rpc/error.ts';
import {
  beginFrame,
  finishFrame,
  type Frame,
  FrameParser,
  MessageType,
} from '../../../src/client/rpc/frame.ts';
import { Program } from '../../../src/client/rpc/procedure.ts';
import { XdrReader, XdrWriter } from '../../../src/client/rpc/xdr.ts';
import { chop, mutateBody, mutateFrame } from './mutate.ts';
import type { Random } from './random.ts';
import { sampleOf } from './sample.ts';
import type { Tables } from './tables.ts';

/** A whole frame around a body. */
export function frameOf(
  header: { program?: number; procedure: number; type: number; serial: number; status?: number },
  body: Uint8Array,
): Buffer {
  const { program = Program.REMOTE, status = 0 } = header;
  const writer = beginFrame({ ...header, program, status, version: 1 }, body.length);
  const head = finishFrame(writer, body.length);
  return Buffer.concat([head, body]);
}

function cut(pieces: readonly Buffer[]): { frames: Frame[]; refused: boolean } {
  const parser = new FrameParser();
  const frames: Frame[] = [];
  try {
    for (const piece of pieces) parser.push(piece, (frame) => frames.push(frame));
    return { frames, refused: false };
  } catch (error) {
    assert.ok(error instanceof ProtocolError, `unexpected ${String(error)}`);
    return { frames, refused: true };
  }
}

/** Some frames, valid and not, in one run of bytes: how they are chopped must make no difference. */
export function fuzzFrames(tables: Tables, random: Random): number {
  const count = random.below(6) + 1;
  const frames = Array.from({ length: count }, () => {
    const { number, program, result } = random.pick(tables.procedures);
    const { bytes } = sampleOf(result, random);
    const header = { program, procedure: number, type: MessageType.REPLY, serial: random.uint() };
    const frame = frameOf(header, bytes);
    return random.chance(0.3) ? mutateFrame(frame, random) : frame;
  });
  const bytes = Buffer.concat(frames);
  const whole = cut([bytes]);
  const chopped = cut(chop(bytes, random));
  assert.equal(chopped.refused, whole.refused);
  assert.equal(chopped.frames.length, whole.frames.length);
  for (const [index, frame] of whole.frames.entries()) {
    const other = chopped.frames[index];
    const same = other !== undefined && frame.body.equals(other.body) && frame.serial === other.serial;
    assert.ok(same, 'a frame differs when its bytes arrive in other pieces');
  }
  return count;
}

/** One body, valid or not, for one codec: a value or a ProtocolError, and a valid one is written as it was read. */
export function fuzzCodec(tables: Tables, random: Random): number {
  const { name, codec } = random.pick(tables.codecs);
  const { value, bytes } = sampleOf(codec, random);
  if (random.chance(0.2)) {
    const read = decode(codec, bytes);
    assert.ok(isDeepStrictEqual(read, value), `${name} reads another value than it was given`);
    assert.ok(isDeepStrictEqual(readInPieces(codec, bytes), value), `${name} reads pieces in another way`);
    const written = encode(codec, read);
    // Not the bytes are compared: any number but 0 is true, for instance.
    const same = written === undefined || isDeepStrictEqual(decode(codec, written), value);
    assert.ok(same, `${name} writes something else than it read`);
    return 1;
  }
  try {
    decode(codec, mutateBody(bytes, random));
  } catch (error) {
    assert.ok(error instanceof ProtocolError, `${name}: unexpected ${String(error)}`);
  }
  return 1;
}

function readInPieces(codec: Codec<unknown>, bytes: Buffer): unknown {
  const reader = new XdrReader(bytes);
  if (codec.readPieces === undefined) return codec.read(reader);
  const pieces = codec.readPieces(reader);
  let piece = pieces.next();
  while (piece.done !== true) piece = pieces.next();
  return piece.value;
}

/** Undefined when a text that was not UTF-8 is too long now that what could not be read was replaced. */
function encode(codec: Codec<unknown>, value: unknown): Buffer | undefined {
  const writer = new XdrWriter();
  try {
    codec.write(writer, value);
    return writer.finish();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
