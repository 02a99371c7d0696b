import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ProtocolError } from '../../../src/rpc/error.ts';
import { beginFrame, finishFrame, type Frame, FrameParser } from '../../../src/rpc/frame.ts';

function bytes(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
}

/** A call of CONNECT_OPEN("test:///default"), as libvirt's own client sends it. */
const CALL = bytes(`
  00000038 20008086 00000001 00000001 00000000 00000002 00000000
  00000001 0000000f 746573743a2f2f2f64656661756c7400 00000000`);
/** Its reply: no body. */
const REPLY = bytes('0000001c 20008086 00000001 00000001 00000001 00000002 00000000');
/** A keepalive ping: serial 0, a message. */
const PING = bytes('0000001c 6b656570 00000001 00000001 00000002 00000000 00000000');

const STREAM = Buffer.concat([CALL, REPLY, PING, CALL]);

interface Seen extends Omit<Frame, 'body'> {
  readonly body: string;
}

/** Frames share the chunk's memory, so their bodies are copied as they come. */
function parse(...chunks: readonly Buffer[]): readonly Seen[] {
  const parser = new FrameParser();
  const frames: Seen[] = [];
  for (const chunk of chunks)
    parser.push(chunk, (frame) => frames.push({ ...frame, body: frame.body.toString('hex') }));
  return frames;
}

const CALL_FRAME: Seen = {
  program: 0x20008086,
  version: 1,
  procedure: 1,
  type: 0,
  serial: 2,
  status: 0,
  body: CALL.subarray(28).toString('hex'),
};
const REPLY_FRAME: Seen = { ...CALL_FRAME, type: 1, body: '' };
const PING_FRAME: Seen = { ...CALL_FRAME, program: 0x6b656570, type: 2, serial: 0, body: '' };
const FRAMES = [CALL_FRAME, REPLY_FRAME, PING_FRAME, CALL_FRAME];

/** Cuts at places that differ each time but are the same in every run. */
function randomChunks(stream: Buffer, seed: number): readonly Buffer[] {
  const chunks: Buffer[] = [];
  let state = seed;
  for (let start = 0; start < stream.length;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    const end = start + ((state >>> 16) % 40);
    chunks.push(stream.subarray(start, end));
    start = end;
  }
  return chunks;
}

suite('The frame parser', () => {
  test('reads frames fed one byte at a time', () => {
    assert.deepEqual(parse(...Array.from(STREAM, (byte) => Buffer.of(byte))), FRAMES);
  });

  test('reads several frames out of one chunk', () => {
    assert.deepEqual(parse(STREAM), FRAMES);
  });

  test('reads frames however they are cut, empty chunks included', () => {
    for (let seed = 1; seed <= 200; seed++)
      assert.deepEqual(parse(...randomChunks(STREAM, seed)), FRAMES, `seed ${seed}`);
  });

  test('hands a frame over as soon as its last byte is there, and not before', () => {
    const parser = new FrameParser();
    const frames: Frame[] = [];
    parser.push(CALL.subarray(0, -1), (frame) => frames.push(frame));
    assert.equal(frames.length, 0);
    parser.push(CALL.subarray(-1), (frame) => frames.push(frame));
    assert.equal(frames.length, 1);
  });

  for (const length of [0, 4, 27, 32 * 1024 * 1024 + 5, 0xffffffff])
    test(`refuses a frame that says it has ${length} bytes, with nothing but its length word`, () => {
      const word = Buffer.alloc(4);
      word.writeUInt32BE(length);
      assert.throws(() => parse(word), ProtocolError);
    });

  test('refuses an impossible length after good frames, which it still delivers', () => {
    const parser = new FrameParser();
    let delivered = 0;
    const chunk = Buffer.concat([REPLY, PING, bytes('00000010')]);
    assert.throws(() => parser.push(chunk, () => delivered++), ProtocolError);
    assert.equal(delivered, 2);
  });

  test('reads the largest frame there may be, in many chunks, without joining them again and again', () => {
    const largest = Buffer.alloc(32 * 1024 * 1024 + 4);
    CALL.copy(largest);
    largest.writeUInt32BE(largest.length);
    const parser = new FrameParser();
    let bodyBytes = 0;
    const started = performance.now();
    for (let start = 0; start < largest.length; start += 16384)
      parser.push(largest.subarray(start, start + 16384), ({ body }) => (bodyBytes = body.length));
    assert.equal(bodyBytes, largest.length - 28);
    assert.ok(performance.now() - started < 2000, 'joining for each chunk would copy 32 GiB');
  });
});

suite('The frame writer', () => {
  const header = { program: 0x20008086, version: 1, procedure: 1, type: 0, serial: 2, status: 0 };

  test("writes what libvirt's own client writes", () => {
    const writer = beginFrame(header);
    writer.bool(true);
    writer.string('test:///default');
    writer.uint(0);
    assert.deepEqual(finishFrame(writer), CALL);
  });

  test('counts a body that outgrew the first buffer', () => {
    const writer = beginFrame(header);
    writer.string('x'.repeat(5000));
    writer.uint(0x01020304);
    const frame = finishFrame(writer);
    assert.equal(frame.length, 28 + 4 + 5000 + 4);
    assert.equal(frame.readUInt32BE(0), frame.length);
    assert.equal(frame.subarray(-4).toString('hex'), '01020304');
  });

  test('refuses to send what no daemon would accept', () => {
    const writer = beginFrame(header, 32 * 1024 * 1024);
    writer.fixedOpaque(Buffer.alloc(32 * 1024 * 1024 - 24));
    assert.equal(finishFrame(writer).length, 32 * 1024 * 1024 + 4);
    writer.uint(0);
    assert.throws(() => finishFrame(writer), RangeError);
  });
});
