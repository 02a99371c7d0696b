import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DomainTarget } from '../../../../../src/model/inventory/domain-target.ts';
import { Host } from '../../../../../src/model/inventory/host.ts';
import { createDomain } from '../../../../../src/model/operations/domain/create.ts';
import { discardManagedSave } from '../../../../../src/model/operations/domain/discard-managed-save.ts';
import { forceOffDomain } from '../../../../../src/model/operations/domain/force-off.ts';
import { injectNmi } from '../../../../../src/model/operations/domain/inject-nmi.ts';
import { managedSave } from '../../../../../src/model/operations/domain/managed-save.ts';
import { rebootDomain } from '../../../../../src/model/operations/domain/reboot.ts';
import { resetDomain } from '../../../../../src/model/operations/domain/reset.ts';
import { resumeDomain } from '../../../../../src/model/operations/domain/resume.ts';
import { shutdownDomain } from '../../../../../src/model/operations/domain/shutdown.ts';
import { startDomain } from '../../../../../src/model/operations/domain/start.ts';
import { suspendDomain } from '../../../../../src/model/operations/domain/suspend.ts';
import { GoneError } from '../../../../../src/model/operations/error.ts';
import { eventually } from '../../../../support/eventually.ts';
import { tinyOsXml } from '../../../../support/tiny-os.ts';
import { useOperationBench } from './support.ts';

suite('Running a domain', () => {
  const bench = useOperationBench();

  test('is known of at once, whatever was done', async () => {
    const target = await bench.define('ordinary');
    const state = () => target.record?.state;
    const started = await startDomain(target, {});
    assert.deepEqual([state(), target.record?.id], ['running', started.id]);
    await suspendDomain(target, {});
    assert.equal(state(), 'paused');
    await resumeDomain(target, {});
    assert.equal(state(), 'running');
    await resetDomain(target, {});
    await injectNmi(target, {});
    await rebootDomain(target, {});
    assert.equal(state(), 'running');
    await forceOffDomain(target, {});
    assert.deepEqual([state(), target.record?.id], ['shut-off', undefined]);
    await startDomain(target, { paused: true });
    assert.equal(state(), 'paused');
    await forceOffDomain(target, {});
  });

  test('goes on where it was saved, or anew when that is discarded', async () => {
    const target = await bench.define('saved');
    await startDomain(target, {});
    await managedSave(target, {});
    assert.deepEqual([target.record?.state, target.record?.managedSave], ['shut-off', true]);
    await discardManagedSave(target, {});
    assert.equal(target.record?.managedSave, false);
  });

  test('ends when the guest hears the power button', async () => {
    const target = await bench.define('obedient');
    await startDomain(target, {});
    // It may be pressed before anybody in the guest listens.
    await eventually('it shuts down', () => shutdownDomain(target, { ask: 'button', patienceMs: 2_000 }));
    assert.equal(target.record?.state, 'shut-off');
  });

  test('goes on when the guest hears no power button, and giving up only ends the waiting', async () => {
    // The firmware, which finds nothing to boot, has no ear for it.
    const target = await bench.define('deaf', (xml) => xml.replace(/<kernel>.*<\/kernel>/u, ''));
    await startDomain(target, {});
    assert.equal(await shutdownDomain(target, { ask: 'button', patienceMs: 300 }), false);
    const signal = AbortSignal.timeout(300);
    const choices = { ask: 'button', patienceMs: 60_000 } as const;
    await assert.rejects(shutdownDomain(target, choices, { signal }), { name: 'TimeoutError' });
    assert.equal(target.record?.state, 'running');
    const waiting = shutdownDomain(target, choices);
    await bench.daemon.virsh('destroy', 'deaf');
    assert.equal(await waiting, true, 'by whatever it ended');
  });

  test('says how to get an agent where there is none', async () => {
    const target = await bench.define('agentless');
    await startDomain(target, {});
    await assert.rejects(shutdownDomain(target, { ask: 'agent', patienceMs: 0 }), {
      code: 'no-agent',
      hint: /org\.qemu\.guest_agent\.0/u,
    });
    await forceOffDomain(target, {});
  });

  test('waits for those who want to see its first instruction', async () => {
    const target = await bench.define('watched');
    const seen: string[] = [];
    const stop = bench.host.bootWatchers.add(target.uuid, async () => {
      seen.push(await bench.daemon.virsh('domstate', 'watched'));
    });
    await startDomain(target, {});
    assert.deepEqual(seen, ['paused']);
    assert.equal(target.record?.state, 'running');
    await forceOffDomain(target, {});
    stop();
    await startDomain(target, {});
    assert.equal(seen.length, 1, 'who looks away holds up nobody');
    await forceOffDomain(target, {});
  });

  test('waits for them also when the domain is a new one, by the UUID that its XML has', async () => {
    const uuid = '0a1b2c3d-0000-4000-8000-00000000beef';
    const xml = tinyOsXml({
      name: 'transient',
      kernel: await bench.daemon.tinyOsElf(),
      uuid: uuid.replaceAll('-', '').toUpperCase(),
    });
    const seen: string[] = [];
    const stop = bench.host.bootWatchers.add(uuid, async () => {
      seen.push(await bench.daemon.virsh('domstate', 'transient'));
    });
    const created = await createDomain(bench.host, { xml });
    stop();
    assert.deepEqual([created.uuid, seen], [uuid, ['paused']]);
    const target = new DomainTarget(bench.host, uuid);
    assert.deepEqual([target.record?.state, target.record?.persistent], ['running', false]);
    await forceOffDomain(target, {});
    assert.equal(target.record, undefined);
    await assert.rejects(startDomain(target, {}), GoneError);
  });

  test('ends with the connection where that was asked for', async () => {
    await bench.define('bound');
    const other = new Host({ name: 'other', uri: bench.daemon.uri, origin: 'configured' });
    try {
      await other.connect();
      const uuid = await bench.daemon.virsh('domuuid', 'bound');
      await startDomain(new DomainTarget(other, uuid), { endsWithConnection: true });
      assert.equal(await bench.daemon.virsh('domstate', 'bound'), 'running');
    } finally {
      other.disconnect();
    }
    await eventually('it is off', async () => (await bench.daemon.virsh('domstate', 'bound')) === 'shut off');
  });

  test('is not even begun when it was given up before', async () => {
    const target = await bench.define('unwanted');
    await assert.rejects(startDomain(target, {}, { signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.equal(await bench.daemon.virsh('domstate', 'unwanted'), 'shut off');
  });
});
