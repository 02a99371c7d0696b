import assert from 'node:assert/strict';
import { chmod, mkdir } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { connect } from '../../../../../src/client/libvirt/connect.ts';
import { Affect } from '../../../../../src/client/libvirt/affect.ts';
import { DOMAIN_EVENT_NAMES, type DomainEvent } from '../../../../../src/client/libvirt/domain/events.ts';
import { StartDomain } from '../../../../../src/client/libvirt/domain/domain.ts';
import { MonitorCommand } from '../../../../../src/client/libvirt/domain/qemu.ts';
import { eventually } from '../../../../support/eventually.ts';
import { tinyOsXml } from '../../../../support/tiny-os.ts';
import { garbleMonitor } from './garble-monitor.ts';
import { diskXml, Heard, makeDisk, useBench } from '../support.ts';

const cdrom = (source: string) =>
  `<disk type="file" device="cdrom">${source}<target dev="hdc" bus="ide"/></disk>`;

suite('Domain events', () => {
  const bench = useBench();

  async function xml(name: string): Promise<string> {
    return tinyOsXml({ name, kernel: await bench.daemon.tinyOsElf() });
  }

  test('can all be listened for by several, for all domains and for one, again and again', async () => {
    const { domainEvents, domains } = bench.qemu;
    const domain = await domains.defineXml(await xml('quiet'));
    assert.equal(DOMAIN_EVENT_NAMES.length, 27);
    for (const name of DOMAIN_EVENT_NAMES) {
      const listen = () => domainEvents.on(name, () => undefined);
      const first = await Promise.all([listen(), listen(), domainEvents.on(name, () => undefined, domain)]);
      await Promise.all(first.map((stop) => stop()));
      // Ending and beginning at once: they reach the daemon one after the other.
      const again = await listen();
      const [, last] = await Promise.all([again(), listen()]);
      await last();
      await last();
    }
    await domains.undefine(domain);
  });

  test('tell the life of a guest', async () => {
    const { domainEvents, domains } = bench.qemu;
    const heard = new Heard<DomainEvent<'lifecycle'>>();
    const stop = await domainEvents.on('lifecycle', heard.hear);
    const defined = await domains.defineXml(await xml('told'));
    assert.deepEqual(await heard.next(), { domain: defined, event: 'defined', detail: 'added' });
    const domain = await domains.start(defined, StartDomain.PAUSED);
    assert.equal((await heard.next(({ event }) => event === 'started')).detail, 'booted');
    await domains.resume(domain);
    assert.equal((await heard.next(({ event }) => event === 'resumed')).detail, 'unpaused');
    await domains.suspend(domain);
    assert.equal((await heard.next(({ detail }) => detail === 'paused')).event, 'suspended');
    await domains.destroy(domain);
    assert.equal((await heard.next(({ event }) => event === 'stopped')).detail, 'destroyed');
    await domains.undefine(domain);
    assert.equal((await heard.next(({ event }) => event === 'undefined')).detail, 'removed');
    await stop();
    await domains.undefine(await domains.defineXml(await xml('unheard')));
    assert.ok(heard.all.every(({ domain: { name } }) => name === 'told'));
  });

  test('of one domain are heard once, also by who listens to all', async () => {
    const { domainEvents, domains, domainMetadata } = bench.qemu;
    const [one, other] = [
      await domains.defineXml(await xml('one')),
      await domains.defineXml(await xml('two')),
    ];
    const ofOne = new Heard<DomainEvent<'metadataChange'>>();
    const ofAll = new Heard<DomainEvent<'metadataChange'>>();
    const stops = [
      await domainEvents.on('metadataChange', ofOne.hear, one),
      await domainEvents.on('metadataChange', ofAll.hear),
    ];
    await domainMetadata.setTitle(one, 'x');
    const namespace = 'https://example.org/n';
    await domainMetadata.setElement(other, { namespace, prefix: 'n', xml: '<n/>' });
    assert.deepEqual(await ofAll.next(), { domain: one, type: 'title', namespace: undefined });
    assert.deepEqual(await ofAll.next(), { domain: other, type: 'element', namespace });
    assert.deepEqual(await ofOne.next(), { domain: one, type: 'title', namespace: undefined });
    assert.deepEqual([ofOne.all, ofAll.all], [[], []]);
    for (const stop of stops) await stop();
    for (const domain of [one, other]) await domains.undefine(domain);
  });

  test('tell of devices, trays, memory, resets and tuning', async () => {
    const { domainEvents, domainDevices, domains, qemu } = bench.qemu;
    const elf = await bench.daemon.tinyOsElf();
    const extras = `<devices>${cdrom(`<source file="${elf}"/>`)}<watchdog model="i6300esb" action="none"/>`;
    // Held until the disc is out: firmware that looks for something to start from closes the tray.
    const domain = await domains.createXml(
      (await xml('device')).replace('<devices>', extras),
      StartDomain.PAUSED,
    );
    const added = new Heard<DomainEvent<'deviceAdded'>>();
    const trays = new Heard<DomainEvent<'trayChange'>>();
    const reboots = new Heard<DomainEvent<'reboot'>>();
    const removed = new Heard<DomainEvent<'deviceRemoved'>>();
    const stops = [
      await domainEvents.on('deviceAdded', added.hear),
      await domainEvents.on('trayChange', trays.hear),
      await domainEvents.on('reboot', reboots.hear),
      await domainEvents.on('deviceRemoved', removed.hear),
    ];
    const rng = `<rng model="virtio"><backend model="random">/dev/urandom</backend></rng>`;
    await domainDevices.attach(domain, rng, Affect.LIVE);
    assert.deepEqual(await added.next(), { domain, alias: 'rng0' });
    await domainDevices.update(domain, cdrom(''), Affect.LIVE);
    const tray = await trays.next();
    assert.deepEqual([tray.tray, tray.domain.name], ['open', 'device']);
    await domains.resume(domain);
    await qemu.monitorCommand(domain, '{"execute":"system_reset"}');
    await domains.reset(domain);
    assert.deepEqual(await reboots.next(), { domain });
    await qemu.monitorCommand(domain, '{"execute":"device_del","arguments":{"id":"rng0"}}');
    // A guest without ACPI drivers lets go of devices when it starts anew, QEMU of what it remembers of them perhaps
    // the time after.
    await eventually('the device is gone', async () => {
      await domains.reset(domain);
      return removed.all.length > 0;
    });
    assert.deepEqual(await removed.next(), { domain, alias: 'rng0' });
    for (const stop of stops) await stop();
    await domains.destroy(domain);
  });

  test('tell of viewers, missing media, tuning and full disks', async () => {
    const { domainBlocks, domainEvents, domains, qemu } = bench.qemu;
    // Where the QEMU user may make a socket.
    const folder = join(bench.daemon.folder, 'lib', 'vnc');
    await mkdir(folder);
    await chmod(folder, 0o777);
    const missing = cdrom('<source file="/no/such.iso" startupPolicy="optional"/>');
    const viewed = `<graphics type="vnc"><listen type="socket" socket="${folder}/socket"/></graphics>`;
    const disk = diskXml(await makeDisk(bench, 'watched', 8));
    const heard = {
      graphics: new Heard<DomainEvent<'graphics'>>(),
      diskChange: new Heard<DomainEvent<'diskChange'>>(),
      tunable: new Heard<DomainEvent<'tunable'>>(),
      blockThreshold: new Heard<DomainEvent<'blockThreshold'>>(),
    };
    const stops = [
      await domainEvents.on('graphics', heard.graphics.hear),
      await domainEvents.on('diskChange', heard.diskChange.hear),
      await domainEvents.on('tunable', heard.tunable.hear),
      await domainEvents.on('blockThreshold', heard.blockThreshold.hear),
    ];
    const domain = await domains.createXml(
      (await xml('watched')).replace('<devices>', `<devices>${disk}${missing}${viewed}`),
    );
    const { oldPath, newPath, reason } = await heard.diskChange.next();
    assert.deepEqual([oldPath, newPath, reason], ['/no/such.iso', undefined, 'changed-missing-on-start']);

    const viewer = createConnection(`${folder}/socket`);
    const { phase, local, subject } = await heard.graphics.next();
    assert.deepEqual([phase, local.family, subject], ['connect', 'unix', []]);
    viewer.destroy();
    assert.equal((await heard.graphics.next()).phase, 'disconnect');

    await bench.daemon.virsh('blkdeviotune', 'watched', 'vda', '--live', '--total-bytes-sec', '5000000');
    const { values } = await heard.tunable.next();
    assert.equal(values.get('blkdeviotune.disk'), 'vda');
    assert.equal(values.get('blkdeviotune.total_bytes_sec'), 5_000_000n);

    await domainBlocks.setThreshold(domain, 'vda', 65_536n);
    // Written as the guest's own disk would.
    const device = '/machine/peripheral/virtio-disk0/virtio-backend';
    await qemu.monitorCommand(domain, `qemu-io -d ${device} "write 4M 1M"`, MonitorCommand.HMP);
    const threshold = await heard.blockThreshold.next();
    assert.deepEqual([threshold.disk, threshold.threshold], ['vda', 65_536n]);
    assert.ok(threshold.excess > 0n);
    for (const stop of stops) await stop();
    await domains.destroy(domain);
  });

  const notRoot = process.getuid?.() !== 0 && 'Only root may write where another process reads';
  test('tell that what QEMU says makes no sense', { skip: notRoot }, async () => {
    const { domainEvents, domains } = bench.qemu;
    const heard = new Heard<DomainEvent<'controlError'>>();
    const stop = await domainEvents.on('controlError', heard.hear);
    const domain = await domains.createXml(await xml('garbled'), StartDomain.PAUSED);
    await garbleMonitor(domain.uuid);
    assert.deepEqual(await heard.next(), { domain });
    await stop();
    await domains.destroy(domain);
  });

  test('go on after a reconnect for those who subscribe again', async () => {
    const heard = new Heard<DomainEvent<'lifecycle'>>();
    const before = await connect(bench.daemon.uri, AbortSignal.timeout(20_000));
    const stopBefore = await before.domainEvents.on('lifecycle', heard.hear);
    await bench.daemon.kill('SIGKILL');
    assert.ok((await before.closed) instanceof Error);
    await bench.daemon.start();
    const now = await connect(bench.daemon.uri, AbortSignal.timeout(20_000));
    const stopNow = await now.domainEvents.on('lifecycle', heard.hear);
    const domain = await now.domains.defineXml(await xml('after'));
    assert.equal((await heard.next()).domain.name, 'after');
    await now.domains.undefine(domain);
    assert.equal((await heard.next()).event, 'undefined');
    assert.deepEqual(heard.all, []);
    // What belonged to the old link went with it.
    await stopBefore();
    await assert.rejects(before.domainEvents.on('lifecycle', heard.hear), { name: 'ConnectionClosedError' });
    await stopNow();
    now.close();
  });
});
