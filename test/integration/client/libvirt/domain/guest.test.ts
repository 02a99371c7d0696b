import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Connection } from '../../../../../src/client/libvirt/connect.ts';
import {
  AddressSource,
  AgentTimeout,
  type DomainGuests,
  GuestInfoTypes,
  HostnameSource,
  KeyCodes,
  SshKeys,
  SuspendTarget,
} from '../../../../../src/client/libvirt/domain/guest.ts';
import { StatsGroup, StatsOptions } from '../../../../../src/client/libvirt/domain/stats.ts';
import { type DomainRef, ListDomains } from '../../../../../src/client/libvirt/domain/domain.ts';
import { ErrorCode } from '../../../../../src/client/libvirt/error.ts';
import { MonitorCommand, type MonitorEvent } from '../../../../../src/client/libvirt/domain/qemu.ts';
import { tinyOsXml } from '../../../../support/tiny-os.ts';
import { Heard, refused, useBench } from '../support.ts';

const bench = useBench();

suite('What goes on in a guest', () => {
  async function testDomain(): Promise<DomainRef> {
    return bench.test.domains.lookupByName('test');
  }

  async function startTinyOs(connection: Connection, name: string): Promise<DomainRef> {
    const kernel = await bench.daemon.tinyOsElf();
    return connection.domains.createXml(tinyOsXml({ name, kernel }));
  }

  test('is made up by the test driver', async () => {
    const guests = bench.test.domainGuests;
    const domain = await testDomain();
    assert.deepEqual(await guests.fileSystems(domain), [
      { mountPoint: '/', name: 'vda1', type: 'ext4', deviceAliases: ['vda'] },
      { mountPoint: '/boot', name: 'vda2', type: 'ext4', deviceAliases: ['vda'] },
    ]);
    assert.equal(await guests.freeze(domain), 2);
    assert.equal(await guests.thaw(domain, ['/boot']), 1);
    assert.equal(await guests.thaw(domain), 1);
    await guests.trim(domain, { mountPoint: '/', minimum: 4096n });
    await guests.trim(domain);

    await guests.setTime(domain, { seconds: 1_700_000_000n, nanoseconds: 5 });
    assert.deepEqual(await guests.time(domain), { seconds: 1_700_000_000n, nanoseconds: 5 });
    await guests.setUserPassword(domain, 'root', 'secret');
    await guests.sendKeys(domain, [28, 29], { codeSet: KeyCodes.LINUX, holdMs: 10 });
    await guests.injectNmi(domain);
    assert.match(await guests.hostname(domain), /test/);
  });

  test('is seen in the addresses of its interfaces', async () => {
    const xml = `<domain type='test'><name>addressed</name><memory>8192</memory><os><type>hvm</type></os>
      <devices><interface type='network'><mac address='52:54:00:aa:bb:cc'/><source network='default'/>
      <target dev='testnet7'/></interface></devices></domain>`;
    const domain = await bench.test.domains.createXml(xml);
    const [device] = await bench.test.domainGuests.interfaceAddresses(domain, AddressSource.LEASE);
    assert.equal(device?.name, 'testnet7');
    assert.equal(device?.mac, '52:54:00:aa:bb:cc');
    const [address] = device?.addresses ?? [];
    assert.equal(address?.version, 4);
    assert.match(address?.address ?? '', /^192\.168\.122\./);
    assert.equal(address?.prefix, 24);
    await bench.test.domains.destroy(domain);
  });

  test('takes keys and an NMI from QEMU', async () => {
    const domain = await startTinyOs(bench.qemu, 'keys');
    await bench.qemu.domainGuests.sendKeys(domain, [28]);
    await bench.qemu.domainGuests.injectNmi(domain);
    await bench.qemu.domainGuests.setAgentTimeout(domain, AgentTimeout.NO_WAIT);
    const tooMany = Array.from({ length: 17 }, () => 28);
    await assert.rejects(bench.qemu.domainGuests.sendKeys(domain, tooMany), { name: 'RangeError' });
    await bench.qemu.domains.destroy(domain);
  });

  const withAgent: readonly ((guests: DomainGuests, domain: DomainRef) => Promise<unknown>)[] = [
    (guests, domain) => guests.interfaceAddresses(domain, AddressSource.AGENT),
    (guests, domain) => guests.hostname(domain, HostnameSource.AGENT),
    (guests, domain) => guests.info(domain, GuestInfoTypes.USERS),
    (guests, domain) => guests.fileSystems(domain),
    (guests, domain) => guests.freeze(domain),
    (guests, domain) => guests.thaw(domain),
    (guests, domain) => guests.trim(domain),
    (guests, domain) => guests.time(domain),
    (guests, domain) => guests.setTime(domain, { seconds: 0n, nanoseconds: 0 }),
    (guests, domain) => guests.syncTime(domain),
    (guests, domain) => guests.setUserPassword(domain, 'a', 'b', { encrypted: true }),
    (guests, domain) => guests.sshKeys(domain, 'root'),
    (guests, domain) => guests.setSshKeys(domain, 'root', ['ssh-ed25519 AA'], SshKeys.APPEND),
    (guests, domain) => guests.pmSuspend(domain, SuspendTarget.DISK),
  ];

  test('is refused in the words of libvirt where the agent is missing', async () => {
    const domain = await startTinyOs(bench.qemu, 'agentless');
    for (const call of withAgent) {
      const refusal = call(bench.qemu.domainGuests, domain);
      await refused(refusal, ErrorCode.ARGUMENT_UNSUPPORTED, /agent is not configured/);
    }
    const wakeup = bench.qemu.domainGuests.pmWakeup(domain);
    await refused(wakeup, ErrorCode.INTERNAL_ERROR, /wake/i);
    await bench.qemu.domains.destroy(domain);
  });
});

suite('What only QEMU has', () => {
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
