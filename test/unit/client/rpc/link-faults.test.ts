import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { mock, suite, test } from 'node:test';
import { nothing, struct, uint } from '../../../../src/client/rpc/codec.ts';
import { RpcConnection } from '../../../../src/client/rpc/connection.ts';
import { ConnectionClosedError, ProtocolError, RemoteError } from '../../../../src/client/rpc/error.ts';
import { type Frame, MessageStatus, MessageType } from '../../../../src/client/rpc/frame.ts';
import { Program, remote } from '../../../../src/client/rpc/procedure.ts';
import { remoteError } from '../../../../src/client/rpc/types.ts';
import { encodeFrame, FakeDaemon } from './fake-daemon.ts';

const download = remote(9001, 'DOWNLOAD', nothing, nothing);
const count = remote(9002, 'COUNT', nothing, struct({ value: uint }));
const PATIENCE = { answerMs: 1000, keepaliveMs: 100 };

function open(): { daemon: FakeDaemon; rpc: RpcConnection } {
  const daemon = new FakeDaemon();
  return { daemon, rpc: new RpcConnection(daemon.channel, PATIENCE) };
}

const NOTHING_MORE = { dom: undefined, str1: undefined, str2: undefined, str3: undefined, net: undefined };
const REFUSAL = {
  ...NOTHING_MORE,
  code: 38,
  domain: 18,
  message: 'disk on fire',
  level: 2,
  int1: 0,
  int2: 0,
};

function streamError(call: Frame): Buffer {
  return encodeFrame(
    { ...call, type: MessageType.STREAM, status: MessageStatus.ERROR },
    remoteError,
    REFUSAL,
  );
}

function reply(call: Frame): Buffer {
  return encodeFrame({ ...call, type: MessageType.REPLY }, nothing, undefined);
}

function data(call: Frame, bytes: Buffer): Buffer {
  const header = { ...call, type: MessageType.STREAM, status: MessageStatus.CONTINUE };
  return encodeFrame(header, { ...nothing, write: (writer) => writer.fixedOpaque(bytes) }, undefined);
}

suite('A stream', () => {
  test('that fails in the moment it is opened fails for who reads it, and crashes nobody', async () => {
    const { daemon, rpc } = open();
    const opened = rpc.openStream(download, undefined);
    const call = await daemon.nth(1);
    daemon.raw(Buffer.concat([reply(call), streamError(call)]));
    const { stream } = await opened;
    await assert.rejects(stream.toArray(), RemoteError);
    rpc.close();
  });

  test('that was given up before it was open is aborted as soon as it is', async () => {
    const { daemon, rpc } = open();
    const abort = new AbortController();
    const opened = rpc.openStream(download, undefined, { signal: abort.signal });
    const call = await daemon.nth(1);
    abort.abort();
    await assert.rejects(opened, { name: 'AbortError' });
    await nextTurn();
    assert.equal(daemon.received.length, 1, 'the daemon would ignore it now');
    daemon.raw(reply(call));
    const { type, status, serial } = await daemon.nth(2);
    assert.deepEqual([type, status, serial], [MessageType.STREAM, MessageStatus.ERROR, call.serial]);
    rpc.close();
  });

  test('that was given up and is then refused is not spoken of again', async () => {
    const { daemon, rpc } = open();
    const abort = new AbortController();
    const opened = rpc.openStream(download, undefined, { signal: abort.signal });
    const call = await daemon.nth(1);
    abort.abort();
    await assert.rejects(opened, { name: 'AbortError' });
    daemon.refuse(call, { code: 1 });
    const answered = rpc.call(count, undefined);
    const next = await daemon.nth(2);
    assert.equal(next.procedure, count.number);
    daemon.reply(next, count, { value: 7 });
    assert.deepEqual(await answered, { value: 7 });
    rpc.close();
  });

  test('whose abort meets an error of the daemon is forgotten', async () => {
    const { daemon, rpc } = open();
    const opened = rpc.openStream(download, undefined);
    const call = await daemon.nth(1);
    daemon.raw(reply(call));
    (await opened).stream.destroy();
    await daemon.nth(2);
    daemon.raw(Buffer.concat([streamError(call), data(call, Buffer.alloc(8))]));
    assert.ok((await rpc.closed) instanceof ProtocolError, 'nothing may come for it any more');
  });
});

suite('Keepalive', () => {
  test('gives a silent daemon up after three pings', async () => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    try {
      const { daemon, rpc } = open();
      rpc.startKeepalive();
      for (let interval = 1; interval <= 3; interval++) {
        mock.timers.tick(PATIENCE.keepaliveMs);
        assert.equal((await daemon.nth(interval)).program, Program.KEEPALIVE);
      }
      mock.timers.tick(PATIENCE.keepaliveMs);
      assert.ok((await rpc.closed) instanceof ConnectionClosedError);
      assert.equal(daemon.received.length, 3);
    } finally {
      mock.timers.reset();
    }
  });

  test('does not blame the daemon for what is not read while a stream is full, and goes on saying hello', async () => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    try {
      const { daemon, rpc } = open();
      rpc.startKeepalive();
      const opened = rpc.openStream(download, undefined);
      const call = await daemon.nth(1);
      daemon.raw(reply(call));
      const { stream } = await opened;
      for (let part = 0; part < 12; part++) daemon.raw(data(call, Buffer.alloc(200_000)));
      await nextTurn();
      assert.ok(daemon.channel.input.isPaused());
      for (let interval = 1; interval <= 10; interval++) {
        mock.timers.tick(PATIENCE.keepaliveMs);
        assert.equal((await daemon.nth(1 + interval)).program, Program.KEEPALIVE);
      }
      assert.equal(daemon.wasClosed, false);
      stream.destroy();
      rpc.close();
    } finally {
      mock.timers.reset();
    }
  });

  test('does not pile answers up for a daemon that pings and never reads', async () => {
    const { daemon, rpc } = open();
    daemon.stopReading();
    for (let pings = 0; pings < 20_000; pings++) daemon.ping();
    await nextTurn();
    assert.ok(daemon.channel.output.writableLength < 100_000, String(daemon.channel.output.writableLength));
    rpc.close();
  });
});
