import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { suite, test } from 'node:test';
import { Connection } from '../../../../src/client/libvirt/connect.ts';
import { RpcConnection } from '../../../../src/client/rpc/connection.ts';
import { CallTimeoutError, ProtocolError } from '../../../../src/client/rpc/error.ts';
import { type Frame, MessageType } from '../../../../src/client/rpc/frame.ts';
import * as procedures from '../../../../src/client/rpc/procedures/domain.ts';
import { domainHasManagedSaveImage } from '../../../../src/client/rpc/procedures/domain-save.ts';
import * as events from '../../../../src/client/rpc/procedures/domain-event.ts';
import { parseUri } from '../../../../src/client/transport/uri.ts';
import { domainKind } from '../../../../src/model/inventory/kinds/domain.ts';
import { Tracker } from '../../../../src/model/inventory/tracker.ts';
import { usedHeap } from '../../../support/heap.ts';
import { encodeFrame, FakeDaemon } from '../../client/rpc/fake-daemon.ts';

const EVENTS = 1_000_000;
const TOGETHER = 1000;
/** All that may be kept, whatever the daemon does; each of the events alone would take half a kilobyte. */
const KEPT_MAX = 24 * 1024 * 1024;

type Answer = 'nothing' | 'refusals' | 'anything';

const INVENTED = { name: 'x'.repeat(4000), uuid: '11111111-1111-1111-1111-111111111111', id: -1 };
const INFO = { state: 1, maxMemory: 1n, memory: 1n, vcpus: 1, cpuTime: 0n };

/** A daemon that has no domains, tells of events of new ones all the time, and answers what is asked of them so. */
class HostileDaemon {
  readonly daemon = new FakeDaemon();
  readonly connection: Connection;
  readonly #answer: Answer;
  #count = 0;

  constructor(answer: Answer, { agrees = true, answerMs = 30_000 } = {}) {
    this.#answer = answer;
    const rpc = new RpcConnection(this.daemon.channel, { answerMs, keepaliveMs: 60_000 });
    const none = async () => assert.fail('There is no other way');
    this.connection = new Connection(parseUri('qemu:///system'), rpc, [], { dial: none, readFolder: none });
    this.daemon.onFrame = (frame) => {
      // What was sent is of no interest here, and would count as what is kept.
      this.daemon.received.length = 0;
      if (frame.procedure === events.connectDomainEventCallbackRegisterAny.number && !agrees) return;
      this.#take({ ...frame, body: Buffer.alloc(0) });
    };
  }

  #take(call: Frame): void {
    const { daemon } = this;
    switch (call.procedure) {
      case events.connectDomainEventCallbackRegisterAny.number:
        return daemon.reply(call, events.connectDomainEventCallbackRegisterAny, { callbackId: 1 });
      case procedures.connectListAllDomains.number:
        return daemon.reply(call, procedures.connectListAllDomains, { items: [], count: 0 });
      case procedures.connectGetAllDomainStats.number:
        return daemon.reply(call, procedures.connectGetAllDomainStats, { records: [] });
      default:
        if (this.#answer === 'refusals') daemon.refuse(call, { code: 1, message: `No, ${call.serial}` });
        else if (this.#answer === 'anything') this.#invent(call);
    }
  }

  /** Every domain that was told of is there. */
  #invent(call: Frame): void {
    const { daemon } = this;
    switch (call.procedure) {
      case procedures.domainLookupByUuid.number:
        return daemon.reply(call, procedures.domainLookupByUuid, { domain: INVENTED });
      case procedures.domainGetState.number:
        return daemon.reply(call, procedures.domainGetState, { state: 1, reason: 0 });
      case procedures.domainIsPersistent.number:
        return daemon.reply(call, procedures.domainIsPersistent, { persistent: true });
      case procedures.domainGetAutostart.number:
        return daemon.reply(call, procedures.domainGetAutostart, { autostart: true });
      case domainHasManagedSaveImage.number:
        return daemon.reply(call, domainHasManagedSaveImage, { result: false });
      default:
        return daemon.reply(call, procedures.domainGetInfo, INFO);
    }
  }

  /** Events of so many domains that nobody has heard of before. */
  async flood(count: number): Promise<void> {
    const { lifecycle } = events;
    const header = {
      program: lifecycle.program,
      version: 1,
      procedure: lifecycle.number,
      serial: 0,
      status: 0,
    };
    const domain = { name: '', uuid: '00000000-0000-0000-0000-000000000000', id: -1 };
    const body = { callbackId: 1, domain, event: 0, detail: 0 };
    const one = encodeFrame({ ...header, type: MessageType.MESSAGE }, lifecycle.body, body);
    const at = one.length - 4 - 4 - 4 - 16;
    for (let sent = 0; sent < count; sent += TOGETHER) {
      const all = Buffer.concat(Array.from({ length: TOGETHER }, () => one));
      for (let index = 0; index < TOGETHER; index++)
        all.writeUInt32BE(++this.#count, index * one.length + at);
      this.daemon.raw(all);
      await nextTurn();
    }
  }
}

async function follow(
  host: HostileDaemon,
): Promise<{ readonly failures: unknown[]; readonly tracker: Tracker<never> }> {
  const failures: unknown[] = [];
  const place = { connection: host.connection, parent: undefined };
  const tracker = new Tracker(domainKind, place, new Map(), {
    changed: () => undefined,
    failed: (error) => failures.push(error),
  });
  await tracker.start();
  tracker.announceStart();
  return { failures, tracker: tracker as unknown as Tracker<never> };
}

suite('A host that tells of more than there can be', () => {
  test('does not fill the memory when it answers nothing, and is told of once', async () => {
    const host = new HostileDaemon('nothing');
    const { failures } = await follow(host);
    await host.flood(5000);
    const before = usedHeap();
    await host.flood(EVENTS);
    const kept = usedHeap() - before;
    assert.ok(kept < KEPT_MAX, `${kept / 1e6} MB`);
    assert.equal(failures.length, 1);
    assert.match(String(failures[0]), /more events than can be followed/);
    host.connection.close();
  });

  test('does not fill the memory, nor the log, when it refuses to say more', async () => {
    const host = new HostileDaemon('refusals');
    const { failures } = await follow(host);
    await host.flood(2000);
    const before = usedHeap();
    await host.flood(5000);
    const kept = usedHeap() - before;
    assert.ok(kept < KEPT_MAX / 4, `${kept / 1e6} MB`);
    assert.ok(failures.length <= 21, `${failures.length}`);
    host.connection.close();
  });

  test('does not fill the memory when all of them are there, though no list has them', async () => {
    const host = new HostileDaemon('anything');
    const { failures, tracker } = await follow(host);
    const before = usedHeap();
    let most = 0;
    for (let round = 0; round < 8; round += 1) {
      await host.flood(1000);
      await tracker.refresh(INVENTED.uuid);
      most = Math.max(most, tracker.records.size);
    }
    assert.ok(most > 1000 && most <= 5000, `${most}`);
    assert.ok(usedHeap() - before < KEPT_MAX);
    assert.equal(failures.length, 1);
    host.connection.close();
  });

  test('does not fill the memory when it does so before it agrees', async () => {
    const host = new HostileDaemon('nothing', { agrees: false, answerMs: 1000 });
    const started = follow(host).catch((error: unknown) => error);
    await host.flood(5000);
    const before = usedHeap();
    await host.flood(EVENTS);
    const kept = usedHeap() - before;
    assert.ok(kept < KEPT_MAX, `${kept / 1e6} MB`);
    host.connection.close();
    assert.ok((await started) instanceof Error);
  });

  test('is not believed when it agrees after all', async () => {
    const host = new HostileDaemon('nothing', { agrees: false });
    let call: Frame | undefined;
    host.daemon.onFrame = (frame) => {
      call ??= { ...frame, body: Buffer.alloc(0) };
    };
    const heard = host.connection.domainEvents
      .on('lifecycle', () => undefined)
      .catch((error: unknown) => error);
    await host.flood(150_000);
    assert.ok(call !== undefined);
    host.daemon.reply(call, events.connectDomainEventCallbackRegisterAny, { callbackId: 1 });
    assert.ok((await heard) instanceof ProtocolError);
    host.connection.close();
  });

  test('does not keep anybody who asks for one domain', async () => {
    const host = new HostileDaemon('nothing', { answerMs: 50 });
    const { tracker } = await follow(host);
    await assert.rejects(tracker.refresh('11111111-1111-1111-1111-111111111111'), CallTimeoutError);
    host.connection.close();
  });
});
