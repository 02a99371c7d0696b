import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { mock, suite, test } from 'node:test';
import { decode, list, nothing, string, struct, uint } from '../../../../src/client/rpc/codec.ts';
import { RpcConnection } from '../../../../src/client/rpc/connection.ts';
import {
  CallTimeoutError,
  ConnectionClosedError,
  ProtocolError,
  RemoteError,
} from '../../../../src/client/rpc/error.ts';
import { MessageType } from '../../../../src/client/rpc/frame.ts';
import { Program, remote, remoteEvent } from '../../../../src/client/rpc/procedure.ts';
import { encodeFrame, FakeDaemon } from './fake-daemon.ts';

const double = remote(9001, 'DOUBLE', struct({ value: uint }), struct({ value: uint }));
const greet = remote(9002, 'GREET', struct({ name: string }), struct({ greeting: string }));
const changed = remoteEvent(9101, 'CHANGED', struct({ value: uint }));

function open(): { daemon: FakeDaemon; rpc: RpcConnection } {
  const daemon = new FakeDaemon();
  return { daemon, rpc: new RpcConnection(daemon.channel) };
}

/** Rejections are expected here and looked at later. */
function quietly<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

suite('A call', () => {
  test('carries its program, procedure, version and arguments, and resolves with the reply', async () => {
    const { daemon, rpc } = open();
    const result = rpc.call(greet, { name: 'Ada' });
    const call = await daemon.nth(1);
    assert.deepEqual(
      [call.program, call.version, call.procedure, call.type, call.status],
      [Program.REMOTE, 1, 9002, MessageType.CALL, 0],
    );
    assert.notEqual(call.serial, 0, '0 is for events');
    assert.deepEqual(decode(greet.args, call.body), { name: 'Ada' });
    daemon.reply(call, greet, { greeting: 'Hello' });
    assert.deepEqual(await result, { greeting: 'Hello' });
  });

  test('rejects with what the daemon says when it refuses', async () => {
    const { daemon, rpc } = open();
    const result = quietly(rpc.call(greet, { name: 'x' }));
    daemon.refuse(await daemon.nth(1), { code: 42, domain: 10, message: 'no domain' });
    await assert.rejects(result, (error) => {
      assert.ok(error instanceof RemoteError);
      assert.deepEqual(
        [error.code, error.domain, error.message, error.procedure],
        [42, 10, 'no domain', 'GREET'],
      );
      return true;
    });
    assert.equal(daemon.wasClosed, false, 'a refusal is not the end of the link');
  });

  test('with arguments that cannot be encoded rejects alone', async () => {
    const { daemon, rpc } = open();
    await assert.rejects(rpc.call(double, { value: -1 }), RangeError);
    const next = rpc.call(double, { value: 4 });
    const call = await daemon.nth(1);
    assert.deepEqual(decode(double.args, call.body), { value: 4 });
    daemon.reply(call, double, { value: 8 });
    assert.deepEqual(await next, { value: 8 });
  });

  test('whose reply cannot be decoded rejects alone', async () => {
    const { daemon, rpc } = open();
    const results = [quietly(rpc.call(greet, { name: 'a' })), rpc.call(double, { value: 1 })] as const;
    const second = await daemon.nth(2);
    const [first] = daemon.received;
    assert.ok(first);
    daemon.send({ ...first, type: MessageType.REPLY }, uint, 0xffffffff);
    daemon.reply(second, double, { value: 2 });
    await assert.rejects(results[0], ProtocolError);
    assert.deepEqual(await results[1], { value: 2 });
  });
});

suite('A very large reply', () => {
  const item = struct({ name: string, value: uint });
  const listMany = remote(9003, 'LIST_MANY', nothing, struct({ items: list(item, 400_000) }));
  const items = Array.from({ length: 400_000 }, (_, value) => ({ name: `guest-${value}`, value }));

  test('is decoded while everything else goes on', async () => {
    const { daemon, rpc } = open();
    const result = rpc.call(listMany, undefined);
    daemon.reply(await daemon.nth(1), listMany, { items });
    const over = new AbortController();
    void result.finally(() => over.abort());
    let turns = 0;
    for (; !over.signal.aborted; turns++) await nextTurn();
    assert.deepEqual(await result, { items });
    assert.ok(turns > 10, `${turns} turns`);
  });

  test('with bytes left over is refused', async () => {
    const { daemon, rpc } = open();
    const result = quietly(rpc.call(listMany, undefined));
    const call = await daemon.nth(1);
    const extended = struct({ items: list(item, 400_000), more: uint });
    daemon.send({ ...call, type: MessageType.REPLY }, extended, { items, more: 1 });
    await assert.rejects(result, ProtocolError);
    assert.equal(daemon.wasClosed, false);
  });
});

suite('Pipelining', () => {
  test('keeps four calls on the way and sends the next when one is answered, in order', async () => {
    const { daemon, rpc } = open();
    const results = Array.from({ length: 7 }, (_, value) => rpc.call(double, { value }));
    await daemon.nth(4);
    await nextTurn();
    assert.equal(daemon.received.length, 4);
    for (let answered = 0; answered < 7; answered++) {
      const call = await daemon.nth(answered + 1);
      const { value } = decode(double.args, call.body);
      assert.equal(value, answered);
      daemon.reply(call, double, { value: value * 2 });
      await results[answered];
      await nextTurn();
      assert.equal(daemon.received.length, Math.min(7, answered + 5));
    }
  });

  test('makes quick calls while four long ones are on the way, and before those that wait', async () => {
    const { daemon, rpc } = open();
    const long = [1, 2, 3, 4, 5, 6].map((value) => rpc.call(double, { value }));
    const glances = [7, 8].map((value) => rpc.call({ ...double, isQuick: true }, { value }));
    const asked = async (nth: number) => {
      const call = await daemon.nth(nth);
      const { value } = decode(double.args, call.body);
      return { value, answer: () => daemon.reply(call, double, { value: value * 2 }) };
    };
    const fifth = await asked(5);
    await nextTurn();
    assert.deepEqual([fifth.value, daemon.received.length], [7, 5]);
    fifth.answer();
    const sixth = await asked(6);
    assert.equal(sixth.value, 8);
    sixth.answer();
    assert.deepEqual(await Promise.all(glances), [{ value: 14 }, { value: 16 }]);
    await nextTurn();
    assert.equal(daemon.received.length, 6, 'keepalive has a place');
    for (let nth = 1; nth <= 4; nth++) (await asked(nth)).answer();
    for (const [nth, value] of [5, 6].entries()) {
      const late = await asked(7 + nth);
      assert.equal(late.value, value);
      late.answer();
    }
    await Promise.all(long);
  });

  test('takes replies in any order', async () => {
    const { daemon, rpc } = open();
    const results = [1, 2, 3, 4].map((value) => rpc.call(double, { value }));
    await daemon.nth(4);
    for (const call of daemon.received.toReversed())
      daemon.reply(call, double, { value: decode(double.args, call.body).value * 10 });
    assert.deepEqual(
      (await Promise.all(results)).map(({ value }) => value),
      [10, 20, 30, 40],
    );
  });

  test('gives every call a serial of its own', async () => {
    const { daemon, rpc } = open();
    const results = [1, 2, 3, 4].map((value) => quietly(rpc.call(double, { value })));
    await daemon.nth(4);
    assert.equal(new Set(daemon.received.map(({ serial }) => serial)).size, 4);
    rpc.close();
    await Promise.allSettled(results);
  });
});

suite('Giving up on a call', () => {
  test('that waits in the queue takes it back: it is never sent', async () => {
    const { daemon, rpc } = open();
    const busy = [1, 2, 3, 4].map((value) => rpc.call(double, { value }));
    const abort = new AbortController();
    const reason = new Error('changed my mind');
    const waiting = quietly(rpc.call(double, { value: 5 }, { signal: abort.signal }));
    const after = rpc.call(double, { value: 6 });
    await daemon.nth(4);
    abort.abort(reason);
    await assert.rejects(waiting, reason);
    for (const call of daemon.received.slice(0, 4)) daemon.reply(call, double, { value: 0 });
    await Promise.all(busy);
    const next = await daemon.nth(5);
    assert.deepEqual(decode(double.args, next.body), { value: 6 });
    daemon.reply(next, double, { value: 12 });
    assert.deepEqual(await after, { value: 12 });
  });

  test('that is on the way keeps its place until the daemon is done with it', async () => {
    const { daemon, rpc } = open();
    const abort = new AbortController();
    const abandoned = quietly(rpc.call(double, { value: 1 }, { signal: abort.signal }));
    const others = [2, 3, 4, 5].map((value) => rpc.call(double, { value }));
    await daemon.nth(4);
    abort.abort();
    await assert.rejects(abandoned, { name: 'AbortError' });
    await nextTurn();
    assert.equal(daemon.received.length, 4, 'the daemon is still busy with four');
    const first = await daemon.nth(1);
    daemon.reply(first, double, { value: 2 });
    for (let count = 2; count <= 5; count++) daemon.reply(await daemon.nth(count), double, { value: 0 });
    await Promise.all(others);
    assert.equal(daemon.wasClosed, false, 'its late reply is expected');
  });

  test('before it began sends nothing', async () => {
    const { daemon, rpc } = open();
    await assert.rejects(rpc.call(double, { value: 1 }, { signal: AbortSignal.abort() }), {
      name: 'AbortError',
    });
    assert.equal(daemon.received.length, 0);
  });

  test('after a time names the call and the time', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const { daemon, rpc } = open();
      const result = quietly(rpc.call(greet, { name: 'x' }, { timeoutMs: 1500 }));
      await daemon.nth(1);
      mock.timers.tick(1499);
      daemon.ping();
      await daemon.nth(2);
      mock.timers.tick(1);
      await assert.rejects(
        result,
        (error) => error instanceof CallTimeoutError && error.message === 'No answer to GREET within 1.5 s',
      );
      assert.equal(daemon.wasClosed, false);
    } finally {
      mock.timers.reset();
    }
  });
});

suite('The end of a link', () => {
  test('rejects every call, on the way and waiting, and all that come later', async () => {
    const { daemon, rpc } = open();
    const results = Array.from({ length: 6 }, (_, value) => quietly(rpc.call(double, { value })));
    await daemon.nth(4);
    rpc.close();
    for (const result of results) await assert.rejects(result, ConnectionClosedError);
    await assert.rejects(rpc.call(double, { value: 9 }), ConnectionClosedError);
    assert.equal(await rpc.closed, undefined, 'it was asked for');
    assert.equal(daemon.wasClosed, true);
    assert.equal(daemon.received.length, 4);
  });

  test('for a reason gives that reason to every call and to who watches', async () => {
    const { daemon, rpc } = open();
    const results = Array.from({ length: 6 }, (_, value) => quietly(rpc.call(double, { value })));
    const reason = new Error('cable cut');
    daemon.breakOff(reason);
    assert.equal(await rpc.closed, reason);
    for (const result of results)
      await assert.rejects(
        result,
        (error) =>
          error instanceof ConnectionClosedError && error.cause === reason && /cable cut/.test(error.message),
      );
  });

  const breaches: readonly (readonly [string, (daemon: FakeDaemon) => void])[] = [
    [
      'a reply to a call that was not made',
      (daemon) => daemon.reply({ ...first(daemon), serial: 77_777 }, double, { value: 1 }),
    ],
    [
      'a reply of another procedure',
      (daemon) => daemon.reply({ ...first(daemon), procedure: 9002 }, double, { value: 1 }),
    ],
    [
      'a reply of another program',
      (daemon) => daemon.reply({ ...first(daemon), program: Program.QEMU }, double, { value: 1 }),
    ],
    [
      'a message of an unknown type',
      (daemon) => daemon.send({ ...first(daemon), type: 9 }, nothing, undefined),
    ],
    ['an impossible length', (daemon) => daemon.raw(Buffer.from('00000001', 'hex'))],
    [
      'an event that cannot be decoded',
      (daemon) =>
        daemon.send(
          { ...first(daemon), procedure: changed.number, type: MessageType.MESSAGE, serial: 0 },
          nothing,
          undefined,
        ),
    ],
  ];
  for (const [what, send] of breaches)
    test(`comes with ${what}`, async () => {
      const { daemon, rpc } = open();
      rpc.onEvent(changed, () => undefined);
      const result = quietly(rpc.call(double, { value: 1 }));
      await daemon.nth(1);
      send(daemon);
      assert.ok((await rpc.closed) instanceof ProtocolError);
      await assert.rejects(result, Error);
      assert.equal(daemon.wasClosed, true);
    });

  test('by a listener leaves the rest of its chunk unread', async () => {
    const { daemon, rpc } = open();
    const result = quietly(rpc.call(double, { value: 1 }));
    const call = await daemon.nth(1);
    rpc.onEvent(changed, () => rpc.close());
    daemon.raw(
      Buffer.concat([
        encodeFrame(
          { ...call, procedure: changed.number, type: MessageType.MESSAGE, serial: 0 },
          changed.body,
          { value: 1 },
        ),
        encodeFrame({ ...call, type: MessageType.REPLY }, double.result, { value: 2 }),
      ]),
    );
    await assert.rejects(result, ConnectionClosedError);
    assert.equal(await rpc.closed, undefined, 'it was asked for, and nothing went wrong');
  });
});

function first(daemon: FakeDaemon) {
  const [frame] = daemon.received;
  if (frame === undefined) throw new Error('No call was made');
  return frame;
}

suite('Keepalive', () => {
  test('answers a ping with a pong, even while four calls are on the way', async () => {
    const { daemon, rpc } = open();
    const results = Array.from({ length: 5 }, (_, value) => quietly(rpc.call(double, { value })));
    await daemon.nth(4);
    daemon.ping();
    const pong = await daemon.nth(5);
    assert.deepEqual(
      [pong.program, pong.version, pong.procedure, pong.type, pong.serial, pong.status, pong.body.length],
      [Program.KEEPALIVE, 1, 2, MessageType.MESSAGE, 0, 0, 0],
    );
    rpc.close();
    await Promise.allSettled(results);
  });
});
