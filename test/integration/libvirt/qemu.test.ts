import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { AgentTimeout } from '../../../src/libvirt/domain-guest.ts';
import { StatsGroup, StatsOptions } from '../../../src/libvirt/domain-stats.ts';
import { ListDomains } from '../../../src/libvirt/domain.ts';
import { ErrorCode } from '../../../src/libvirt/error.ts';
import { MonitorCommand, type MonitorEvent } from '../../../src/libvirt/qemu.ts';
import { tinyOsXml } from '../../support/tiny-os.ts';
import { Heard, refused, useBench } from './support.ts';

suite('What only QEMU has', () => {
  const bench = useBench();

  test('is its monitor, and the events that it reports there', async () => {
    const { qemu, domains } = bench.qemu;
    const domain = await domains.createXml(
      tinyOsXml({ name: 'monitored', kernel: await bench.daemon.tinyOsElf() }),
    );
    const stops = new Heard<MonitorEvent>();
    const all = new Heard<MonitorEvent>();
    const silent = await qemu.onMonitorEvent(() => assert.fail('Another one was asked for'), {
      domain,
      event: 'NO_SUCH_EVENT',
    });
    const stop = await qemu.onMonitorEvent(stops.hear, { event: 'STOP' });
    const stopAll = await qemu.onMonitorEvent(all.hear);

    await refused(
      qemu.agentCommand(domain, '{"execute":"guest-ping"}', AgentTimeout.DEFAULT),
      ErrorCode.ARGUMENT_UNSUPPORTED,
      /agent/,
    );
    await refused(qemu.agentCommand(domain, '{}'), ErrorCode.ARGUMENT_UNSUPPORTED, /agent/);
    const before = Date.now();
    const reply: unknown = JSON.parse(await qemu.monitorCommand(domain, '{"execute":"stop"}'));
    assert.ok(typeof reply === 'object' && reply !== null && 'return' in reply);
    const event = await stops.next();
    assert.deepEqual([event.domain, event.event, event.details], [domain, 'STOP', undefined]);
    assert.ok(Math.abs(event.timeMs - before) < 10_000);
    assert.equal((await all.next()).event, 'STOP');
    assert.match(await qemu.monitorCommand(domain, 'info status', MonitorCommand.HMP), /paused/);

    await qemu.monitorCommand(domain, '{"execute":"system_reset"}');
    const reset = await all.next(({ event }) => event === 'RESET');
    assert.match(reset.details ?? '', /"guest":\s?false/);
    for (const end of [silent, stop, stopAll]) await end();
    await domains.destroy(domain);
  });

  test('shows in its statistics', async () => {
    const { domains, domainStatistics: statistics } = bench.qemu;
    const domain = await domains.createXml(
      tinyOsXml({ name: 'counted', kernel: await bench.daemon.tinyOsElf() }).replace(
        '<memballoon model="none"/>',
        '<memballoon model="virtio"/>',
      ),
    );
    const [record] = await statistics.ofAll(0, ListDomains.RUNNING);
    assert.deepEqual(record?.domain, domain);
    const { stats } = record;
    assert.deepEqual(stats.state, { state: 'running', reason: 1 });
    assert.ok((stats.cpu?.time ?? 0n) > 0n);
    assert.deepEqual(stats.cpu?.cacheMonitors, []);
    assert.equal(stats.balloon?.currentKiB, 16_384);
    assert.ok((stats.balloon?.rssKiB ?? 0) > 1024);
    assert.deepEqual([stats.vcpusCurrent, stats.vcpusMaximum, stats.vcpus.length], [1, 1, 1]);
    assert.deepEqual([stats.vcpus[0]?.index, stats.vcpus[0]?.state], [0, 'running']);
    assert.equal(typeof stats.vcpus[0]?.time, 'bigint');
    assert.deepEqual([stats.interfaces, stats.blocks, stats.memoryMonitors], [[], [], []]);
    assert.equal(stats.dirtyRate?.status, 'unstarted');

    const [state] = await statistics.of([domain], StatsGroup.STATE, StatsOptions.NO_WAIT);
    assert.equal(state?.stats.cpu, undefined);
    assert.deepEqual(await statistics.of([]), []);
    const unknown = statistics.ofAll(1 << 20, StatsOptions.ENFORCE);
    await refused(unknown, ErrorCode.ARGUMENT_UNSUPPORTED, /0x100000/);
    await domains.destroy(domain);
  });
});
