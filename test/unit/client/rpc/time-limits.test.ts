import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { suite, test } from 'node:test';
import { nothing, struct, uint } from '../../../../src/client/rpc/codec.ts';
import { RpcConnection } from '../../../../src/client/rpc/connection.ts';
import { CallTimeoutError, ConnectionClosedError } from '../../../../src/client/rpc/error.ts';
import { MessageType } from '../../../../src/client/rpc/frame.ts';
import { lasting, Program, quick, remote } from '../../../../src/client/rpc/procedure.ts';
import { encodeFrame, FakeDaemon } from './fake-daemon.ts';

const value = struct({ value: uint });
const glance = quick(9001, 'GLANCE', value, value);
const work = remote(9002, 'WORK', value, value);
const save = lasting(9003, 'SAVE', value, value);
const upload = remote(9004, 'UPLOAD', nothing, nothing);
const PATIENCE = { answerMs: 20, keepaliveMs: 10_000 };
/** A call that is not quick may take twenty times as long. */
const WORK_MS = 400;

function open(): { daemon: FakeDaemon; rpc: RpcConnection } {
  const daemon = new FakeDaemon();
  return { daemon, rpc: new RpcConnection(daemon.channel, PATIENCE) };
}

async function ended(call: Promise<unknown>, withinMs: number): Promise<unknown> {
  return Promise.race([
    call.then(
      () => 'answered',
      (error: unknown) => error,
    ),
    delay(withinMs, 'waits'),
  ]);
}

suite('A daemon that answers pings but no calls', () => {
  test('lets a quick call end soon, other work later, and what lasts go on', async () => {
    const { rpc } = open();
    const [first, second, third] = [
      rpc.call(glance, { value: 1 }),
      rpc.call(work, { value: 1 }),
      rpc.call(save, { value: 1 }),
    ];
    third.catch(() => undefined);
    const late = await ended(first, WORK_MS / 2);
    assert.ok(late instanceof CallTimeoutError);
    assert.equal(late.procedure, 'GLANCE');
    assert.equal(late.timeoutMs, PATIENCE.answerMs);
    assert.equal(await ended(second, 50), 'waits');
    assert.ok((await ended(second, WORK_MS * 4)) instanceof CallTimeoutError);
    assert.equal(await ended(third, WORK_MS), 'waits');
    rpc.close();
  });

  test('leaves nothing that waits, however much is asked', async () => {
    const { daemon, rpc } = open();
    const calls = Array.from({ length: 1000 }, (_, index) => rpc.call(glance, { value: index }));
    const results = await Promise.allSettled(calls);
    assert.ok(results.every(({ status }) => status === 'rejected'));
    assert.equal(daemon.received.length, 5);
  });

  test('is given up when it has kept all places for too long', async () => {
    const { rpc } = open();
    for (let index = 0; index < 5; index++) rpc.call(glance, { value: index }).catch(() => undefined);
    const reason = await Promise.race([rpc.closed, delay(2000, 'open')]);
    assert.ok(reason instanceof ConnectionClosedError);
    assert.match(reason.message, /answers no calls/);
  });

  test('is given up when it has kept all places but the one for quick calls', async () => {
    const { daemon, rpc } = open();
    daemon.onFrame = (frame) => {
      if (frame.procedure === glance.number) daemon.reply(frame, glance, { value: 0 });
    };
    for (let index = 0; index < 4; index++) rpc.call(work, { value: index }).catch(() => undefined);
    const quick = setInterval(() => void rpc.call(glance, { value: 1 }).catch(() => undefined), 5);
    const reason = await Promise.race([rpc.closed, delay(5000, 'open')]);
    clearInterval(quick);
    assert.ok(reason instanceof ConnectionClosedError);
  });

  test('is not given up for one call that hangs', async () => {
    const { daemon, rpc } = open();
    const hung = rpc.call(glance, { value: 1 });
    await assert.rejects(hung, CallTimeoutError);
    const other = rpc.call(glance, { value: 2 });
    daemon.reply(await daemon.nth(2), glance, { value: 4 });
    assert.deepEqual(await other, { value: 4 });
    rpc.close();
  });

  test('is waited for as long as its caller says', async () => {
    const { daemon, rpc } = open();
    const patient = rpc.call(glance, { value: 1 }, { timeoutMs: 5000 });
    assert.equal(await ended(patient, 200), 'waits');
    daemon.reply(await daemon.nth(1), glance, { value: 2 });
    assert.deepEqual(await patient, { value: 2 });
    rpc.close();
  });

  test('is waited for as long as it works on what was asked before', async () => {
    const daemon = new FakeDaemon();
    const rpc = new RpcConnection(daemon.channel, { answerMs: 100, keepaliveMs: 10_000 });
    daemon.onFrame = (frame) => {
      const call = { ...frame, body: Buffer.alloc(0) };
      setTimeout(() => daemon.reply(call, glance, { value: 1 }), 20);
    };
    const calls = Array.from({ length: 60 }, (_, index) => rpc.call(glance, { value: index }));
    await Promise.all(calls);
    rpc.close();
  });

  test('is waited for behind what lasts', async () => {
    const { daemon, rpc } = open();
    const saves = Array.from({ length: 4 }, () => rpc.call(save, { value: 1 }));
    const behind = rpc.call(work, { value: 7 });
    assert.equal(await ended(behind, WORK_MS * 2), 'waits');
    daemon.reply(await daemon.nth(1), save, { value: 1 });
    daemon.reply(await daemon.nth(5), work, { value: 8 });
    assert.deepEqual(await behind, { value: 8 });
    rpc.close();
    await Promise.allSettled(saves);
  });

  test('does not keep whoever has sent a whole stream', async () => {
    const daemon = new FakeDaemon();
    const rpc = new RpcConnection(daemon.channel, { answerMs: 2, keepaliveMs: 10_000 });
    const opened = rpc.openStream(upload, undefined);
    const call = await daemon.nth(1);
    daemon.raw(encodeFrame({ ...call, type: MessageType.REPLY }, nothing, undefined));
    const { stream } = await opened;
    const failed = new Promise<Error>((resolve) => stream.once('error', resolve));
    stream.end('all of it');
    const error = await Promise.race([failed, delay(3000, 'waits')]);
    assert.ok(error instanceof CallTimeoutError);
    assert.equal(call.program, Program.REMOTE);
    rpc.close();
  });
});
