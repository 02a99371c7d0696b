import assert from 'node:assert/strict';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { suite, test } from 'node:test';
import type { DomainEvent, DomainEventName } from '../../../src/libvirt/domain-events.ts';
import type { DomainRef } from '../../../src/libvirt/domain.ts';
import { MonitorCommand } from '../../../src/libvirt/qemu.ts';
import { tinyOsXml } from '../../support/tiny-os.ts';
import { Heard, makeDisk, useBench } from './support.ts';

/** What a guest would write to its hardware, in QEMU's order: port, width, value. */
type Write = readonly [port: number, width: 'b' | 'w', value: number];

const RTC: readonly Write[] = [
  [0x70, 'b', 0x00], // seconds
  [0x71, 'b', 0x30],
];
/** The clock of this watchdog runs out at once. */
const WATCHDOG: readonly Write[] = [[0x443, 'b', 0x0f]];
/** Sleep type 1, which is suspend to memory, and go. */
const SLEEP: readonly Write[] = [[0x604, 'w', 0x2400]];
/** On this place of the disk nobody looks while the guest starts. */
const FAR_MIB = 513;
const SECTOR = (FAR_MIB * 1024 * 1024) / 512;
/** Reads a sector of the first IDE disk. */
const READ_SECTOR: readonly Write[] = [
  [0x1f6, 'b', 0xe0],
  [0x1f2, 'b', 1],
  [0x1f3, 'b', SECTOR & 0xff],
  [0x1f4, 'b', (SECTOR >> 8) & 0xff],
  [0x1f5, 'b', SECTOR >> 16],
  [0x1f7, 'b', 0x20],
];

/** Where a qcow2 file says where its table of tables is; each entry there stands for this much. */
const TABLES_AT = 40;
const TABLE_MIB = 512;
const ENTRY_BYTES = 8;

/** The disk then says that the table for its far end is where no table can be: reading that fails. */
async function corrupt(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  const tables = Buffer.alloc(ENTRY_BYTES);
  await file.read(tables, 0, ENTRY_BYTES, TABLES_AT);
  const entryAt = Number(tables.readBigUInt64BE()) + Math.floor(FAR_MIB / TABLE_MIB) * ENTRY_BYTES;
  await file.write(Buffer.from('80000000000013ff', 'hex'), 0, ENTRY_BYTES, entryAt);
}

suite('Events that a guest causes by what it does to its hardware', () => {
  const bench = useBench();

  async function write(domain: DomainRef, writes: readonly Write[]): Promise<void> {
    for (const [port, width, value] of writes)
      await bench.qemu.qemu.monitorCommand(domain, `o /${width} ${port} ${value}`, MonitorCommand.HMP);
  }

  async function hear<N extends DomainEventName>(
    name: N,
    undo: AsyncDisposableStack,
  ): Promise<Heard<DomainEvent<N>>> {
    const heard = new Heard<DomainEvent<N>>();
    undo.defer(await bench.qemu.domainEvents.on(name, heard.hear));
    return heard;
  }

  test('its clock, its watchdog, its disk, its sleep, and an agent that is not there', async () => {
    await using undo = new AsyncDisposableStack();
    const heard = {
      agent: await hear('agentLifecycle', undo),
      rtc: await hear('rtcChange', undo),
      watchdog: await hear('watchdog', undo),
      ioError: await hear('ioError', undo),
      ioErrorReason: await hear('ioErrorReason', undo),
      asleep: await hear('pmSuspend', undo),
      awake: await hear('pmWakeup', undo),
    };
    const path = await makeDisk(bench, 'broken', 600);
    await corrupt(path);
    const devices = `<disk type="file" device="disk">
        <driver name="qemu" type="qcow2" error_policy="report" rerror_policy="report"/>
        <source file="${path}"/><target dev="hda" bus="ide"/></disk>
      <channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel>
      <watchdog model="ib700" action="none"/>`;
    const xml = tinyOsXml({ name: 'hardware', kernel: await bench.daemon.tinyOsElf() }).replace(
      '<devices>',
      `<pm><suspend-to-mem enabled="yes"/></pm><devices>${devices}`,
    );
    const defined = await bench.qemu.domains.defineXml(xml);
    const domain = await bench.qemu.domains.start(defined);
    undo.defer(() => bench.qemu.domains.destroy(domain));

    assert.deepEqual(await heard.agent.next(), {
      domain,
      state: 'disconnected',
      reason: 'domain-started',
    });
    // Until the guest itself runs, the firmware has its hands on the same hardware.
    const console = await bench.qemu.domainStreams.openConsole(domain);
    await once(console, 'data');
    console.destroy();
    await write(domain, RTC);
    const { offset } = await heard.rtc.next();
    assert.ok(Math.abs(offset) <= 60, `${offset} s`);
    await write(domain, WATCHDOG);
    assert.deepEqual(await heard.watchdog.next(), { domain, action: 'none' });

    await write(domain, READ_SECTOR);
    const error = { domain, path, alias: 'ide0-0-0', action: 'report' };
    assert.deepEqual(await heard.ioError.next(), error);
    assert.deepEqual(await heard.ioErrorReason.next(), { ...error, reason: '' });

    await write(domain, SLEEP);
    assert.deepEqual(await heard.asleep.next(), { domain });
    await bench.qemu.domainGuests.pmWakeup(domain);
    assert.deepEqual(await heard.awake.next(), { domain });
  });
});
