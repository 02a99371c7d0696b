import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ProtocolError } from '../../../../src/client/rpc/error.ts';
import {
  beginFrame,
  finishFrame,
  type Frame,
  FrameBatch,
  type FrameHeader,
  FrameParser,
} from '../../../../src/client/rpc/frame.ts';

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

interface Seen extends FrameHeader {
  readonly body: string;
}

/** Frames share memory with what comes, so their bodies are copied as they come. */
function seen({ program, version, procedure, type, serial, status, body }: Frame): Seen {
  return { program, version, procedure, type, serial, status, body: body.toString('hex') };
}

/** Both ways in must make no difference. */
function parse(...chunks: readonly Buffer[]): readonly Seen[] {
  const pushed: Seen[] = [];
  const read: Seen[] = [];
  const failure = attempt(() => {
    const parser = new FrameParser();
    for (const chunk of chunks) parser.push(chunk, (frame) => pushed.push(seen(frame)));
  });
  const failureRead = attempt(() => {
    const parser = new FrameParser();
    for (const chunk of chunks) readInto(parser, chunk, (frame) => read.push(seen(frame)));
  });
  assert.deepEqual(read, pushed);
  assert.deepEqual(failureRead, failure);
  if (failure !== undefined) throw failure;
  return pushed;
}

function attempt(action: () => void): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** As a socket does it. */
function readInto(parser: FrameParser, chunk: Buffer, onFrame: (frame: Frame) => void): void {
  for (let at = 0; at < chunk.length;) {
    const room = parser.room();
    assert.notEqual(room.length, 0);
    const bytes = chunk.copy(room, 0, at);
    at += bytes;
    parser.received(bytes, onFrame);
  }
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
    const started = process.cpuUsage();
    for (let start = 0; start < largest.length; start += 16384)
      parser.push(largest.subarray(start, start + 16384), ({ body }) => (bodyBytes = body.length));
    assert.equal(bodyBytes, largest.length - 28);
    const { user, system } = process.cpuUsage(started);
    assert.ok(user + system < 2_000_000, 'joining for each chunk would copy 32 GiB');
  });
});

suite('The memory of frames', () => {
  /** Stream data as a daemon sends it in bulk, and more than is read at a time. */
  function chunkFrame(fill: number): Buffer {
    const frame = Buffer.alloc(262_148, fill);
    CALL.copy(frame);
    frame.writeUInt32BE(frame.length);
    return frame;
  }

  function readAll(parser: FrameParser, ...chunks: readonly Buffer[]): readonly Frame[] {
    const frames: Frame[] = [];
    for (const chunk of chunks) readInto(parser, chunk, (frame) => frames.push(frame));
    return frames;
  }

  test('is used again for small ones, which say so', () => {
    const parser = new FrameParser();
    const [first] = readAll(parser, CALL);
    assert.equal(first?.lasting, false);
    readAll(parser, Buffer.from(CALL).fill(7, 28));
    assert.notEqual(first.body.toString('hex'), CALL_FRAME.body);
  });

  test('lasts for bulk data, until it is given back', () => {
    const parser = new FrameParser();
    const [first, second] = readAll(parser, chunkFrame(1), chunkFrame(2));
    assert.ok(first !== undefined && second !== undefined);
    assert.deepEqual([first.lasting, second.lasting], [true, true]);
    assert.deepEqual([first.body.at(-1), second.body.at(-1)], [1, 2]);
    parser.recycle(first.body);
    const [third] = readAll(parser, chunkFrame(3));
    assert.equal(third?.body.buffer, first.body.buffer);
    assert.equal(second.body.at(-1), 2);
  });

  test('that is given back twice, or was never lent, is not used for two', () => {
    const parser = new FrameParser();
    const [first] = readAll(parser, chunkFrame(1));
    assert.ok(first !== undefined);
    parser.recycle(first.body);
    parser.recycle(first.body);
    parser.recycle(Buffer.alloc(first.body.buffer.byteLength));
    const [second, third] = readAll(parser, chunkFrame(2), chunkFrame(3));
    assert.equal(second?.body.buffer, first.body.buffer);
    assert.deepEqual([second.body.at(-1), third?.body.at(-1)], [2, 3]);
  });
});

suite('Frames that leave together', () => {
  const header = { program: 0x20008086, version: 1, procedure: 1, type: 0, serial: 2, status: 0 };

  test('are one run of bytes, without those that were taken back', () => {
    const batch = new FrameBatch();
    assert.equal(batch.take(), undefined);
    batch.begin(header).string('abcd');
    batch.end();
    batch.begin(header).string('never');
    batch.drop();
    batch.begin(header).string('x'.repeat(40_000));
    batch.end();
    assert.deepEqual(
      parse(batch.take() ?? Buffer.alloc(0)).map(({ body }) => body.length / 2),
      [8, 40_004],
    );
    assert.equal(batch.take(), undefined);
  });

  test('do not touch the ones that were taken before', () => {
    const batch = new FrameBatch();
    const taken: Buffer[] = [];
    for (let count = 0; count < 1000; count++) {
      batch.begin(header).uint(count);
      batch.end();
      taken.push(batch.take() ?? Buffer.alloc(0));
    }
    for (const [count, frame] of taken.entries()) assert.equal(frame.readUInt32BE(28), count);
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
