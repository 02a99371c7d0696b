import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { suite, test } from 'node:test';
import { struct, uint } from '../../../../src/client/rpc/codec.ts';
import { RpcConnection } from '../../../../src/client/rpc/connection.ts';
import { MessageType } from '../../../../src/client/rpc/frame.ts';
import { remote, remoteEvent } from '../../../../src/client/rpc/procedure.ts';
import { encodeFrame, FakeDaemon } from './fake-daemon.ts';

const double = remote(9001, 'DOUBLE', struct({ value: uint }), struct({ value: uint }));
const changed = remoteEvent(9101, 'CHANGED', struct({ value: uint }));

function open(): { daemon: FakeDaemon; rpc: RpcConnection } {
  const daemon = new FakeDaemon();
  return { daemon, rpc: new RpcConnection(daemon.channel) };
}

suite('Events', () => {
  test('reach every listener, before and between replies, until it stops listening', async () => {
    const { daemon, rpc } = open();
    const seen: string[] = [];
    const stop = rpc.onEvent(changed, ({ value }) => seen.push(`a${value}`));
    rpc.onEvent(changed, ({ value }) => seen.push(`b${value}`));
    daemon.event(changed, { value: 1 });
    const result = rpc.call(double, { value: 1 });
    const call = await daemon.nth(1);
    daemon.event(changed, { value: 2 });
    daemon.reply(call, double, { value: 2 });
    await result;
    assert.deepEqual(seen, ['a1', 'b1', 'a2', 'b2']);
    stop();
    daemon.event(changed, { value: 3 });
    daemon.ping();
    await daemon.nth(2);
    assert.deepEqual(seen, ['a1', 'b1', 'a2', 'b2', 'b3']);
  });

  test('of ten thousand a second are heard with time to spare', async () => {
    const { daemon, rpc } = open();
    let sum = 0;
    rpc.onEvent(changed, ({ value }) => (sum += value));
    const header = {
      program: changed.program,
      version: 1,
      procedure: changed.number,
      type: MessageType.MESSAGE,
      serial: 0,
      status: 0,
    };
    const hundred = Buffer.concat(
      Array.from({ length: 100 }, () => encodeFrame(header, changed.body, { value: 1 })),
    );
    const before = process.cpuUsage();
    for (let count = 0; count < 200; count++) {
      daemon.raw(hundred);
      if (count % 10 === 9) await nextTurn();
    }
    daemon.ping();
    await daemon.nth(1);
    assert.equal(sum, 20_000);
    const { user, system } = process.cpuUsage(before);
    assert.ok((user + system) / 1e6 < 1, `${(user + system) / 1000} ms of CPU for two seconds of them`);
    rpc.close();
  });

  test('that nobody listens to are passed over', async () => {
    const { daemon, rpc } = open();
    daemon.event(changed, { value: 1 });
    daemon.ping();
    await daemon.nth(1);
    assert.equal(daemon.wasClosed, false);
    rpc.close();
  });

  test('do not come after the end', async () => {
    const { daemon, rpc } = open();
    let count = 0;
    rpc.onEvent(changed, () => count++);
    rpc.close();
    daemon.event(changed, { value: 1 });
    await nextTurn();
    assert.equal(count, 0);
  });
});
