import assert from 'node:assert/strict';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { DomainEvent, DomainEventName } from '../../../../../src/client/libvirt/domain/events.ts';
import type { DomainRef } from '../../../../../src/client/libvirt/domain/domain.ts';
import { MonitorCommand } from '../../../../../src/client/libvirt/domain/qemu.ts';
import { tinyOsXml } from '../../../../support/tiny-os.ts';
import { Heard, makeDisk, useBench } from '../support.ts';

/** What a guest would write to its hardware, in QEMU's order: port, width (of one byte or four), value. */
type Write = readonly [port: number, width: 'b' | 'w', value: number];

const RTC: readonly Write[] = [
  [0x70, 'b', 0x00], // seconds
  [0x71, 'b', 0x30],
];
/** The clock of this watchdog runs out at once. */
const WATCHDOG: readonly Write[] = [[0x443, 'b', 0x0f]];
/** Sleep type 1, which is suspend to memory, and go. */
const SLEEP: readonly Write[] = [[0x604, 'w', 0x2400]];
/** Sleep type 2, which is suspend to disk: the machine is off then. */
const HIBERNATE: readonly Write[] = [[0x604, 'w', 0x2800]];
/** The guest says of the first memory module that it may not be taken out. */
const KEEP_MODULE: readonly Write[] = [
  [0xa00, 'w', 0], // which module
  [0xa04, 'w', 3], // about a request to eject
  [0xa08, 'w', 1], // failed
];
/** A page of memory is broken beyond repair, says bank 9 of the processor. */
const MACHINE_CHECK = 'mce 0 9 0xbd00000000000000 0x4 0x1000 0x8c';
/** How large the balloon is stands here, in its registers, in pages. */
const BALLOON_ACTUAL = 24;
const BALLOON_PAGES = 2048;
const PAGE_KIB = 4;
/** With the memory module. */
const MEMORY_KIB = 32 * 1024;
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

const POWER = `<pm><suspend-to-mem enabled="yes"/><suspend-to-disk enabled="yes"/></pm>`;
const SLOTS = `<maxMemory slots="1" unit="MiB">64</maxMemory>`;
const NODE = `<cpu><numa><cell id="0" cpus="0" memory="16" unit="MiB"/></numa></cpu>`;
const MODULE = `<memory model="dimm"><target><size unit="MiB">16</size><node>0</node></target></memory>`;

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

  /** Resolves when the guest itself runs, which it says at its console. */
  async function boots(domain: DomainRef): Promise<void> {
    const console = await bench.qemu.domainStreams.openConsole(domain);
    await once(console, 'data');
    console.destroy();
  }

  /** Where its I/O registers begin. */
  async function balloonPort(domain: DomainRef): Promise<number> {
    const devices = await bench.qemu.qemu.monitorCommand(domain, 'info pci', MonitorCommand.HMP);
    const port = /I\/O at 0x([0-9a-f]+)(?:(?!BAR0)[^])*id "balloon0"/u.exec(devices)?.[1];
    assert.ok(port !== undefined, devices);
    return Number.parseInt(port, 16);
  }

  async function hear<N extends DomainEventName>(
    name: N,
    undo: AsyncDisposableStack,
  ): Promise<Heard<DomainEvent<N>>> {
    const heard = new Heard<DomainEvent<N>>();
    undo.defer(await bench.qemu.domainEvents.on(name, heard.hear));
    return heard;
  }

  test('its clock, watchdog, disk, balloon and memory, its two kinds of sleep, and an agent that is not there', async () => {
    await using undo = new AsyncDisposableStack();
    const heard = {
      agent: await hear('agentLifecycle', undo),
      rtc: await hear('rtcChange', undo),
      watchdog: await hear('watchdog', undo),
      ioError: await hear('ioError', undo),
      ioErrorReason: await hear('ioErrorReason', undo),
      asleep: await hear('pmSuspend', undo),
      awake: await hear('pmWakeup', undo),
      balloon: await hear('balloonChange', undo),
      memoryFailure: await hear('memoryFailure', undo),
      kept: await hear('deviceRemovalFailed', undo),
      hibernated: await hear('pmSuspendDisk', undo),
    };
    const path = await makeDisk(bench, 'broken', 600);
    await corrupt(path);
    const devices = `<disk type="file" device="disk">
        <driver name="qemu" type="qcow2" error_policy="report" rerror_policy="report"/>
        <source file="${path}"/><target dev="hda" bus="ide"/></disk>
      <channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel>
      <watchdog model="ib700" action="none"/>`;
    const xml = tinyOsXml({ name: 'hardware', kernel: await bench.daemon.tinyOsElf() })
      .replace('<devices>', `${NODE}${POWER}<devices>${devices}${MODULE}`)
      .replace('<memballoon model="none"/>', '<memballoon model="virtio"/>')
      .replace('<memory unit', `${SLOTS}<memory unit`);
    const defined = await bench.qemu.domains.defineXml(xml);
    const domain = await bench.qemu.domains.start(defined);
    undo.defer(() => bench.qemu.domains.undefine(defined));

    assert.deepEqual(await heard.agent.next(), {
      domain,
      state: 'disconnected',
      reason: 'domain-started',
    });
    // Until the guest itself runs, the firmware has its hands on the same hardware.
    await boots(domain);
    await write(domain, RTC);
    const { offset } = await heard.rtc.next();
    assert.ok(Math.abs(offset) <= 60, `${offset} s`);
    await write(domain, WATCHDOG);
    assert.deepEqual(await heard.watchdog.next(), { domain, action: 'none' });

    await write(domain, READ_SECTOR);
    const error = { domain, path, alias: 'ide0-0-0', action: 'report' };
    assert.deepEqual(await heard.ioError.next(), error);
    assert.deepEqual(await heard.ioErrorReason.next(), { ...error, reason: '' });

    const actual = (await balloonPort(domain)) + BALLOON_ACTUAL;
    await write(domain, [[actual, 'w', BALLOON_PAGES]]);
    const currentKiB = MEMORY_KIB - BALLOON_PAGES * PAGE_KIB;
    assert.deepEqual(await heard.balloon.next(), { domain, currentKiB });

    await write(domain, KEEP_MODULE);
    assert.deepEqual(await heard.kept.next(), { domain, alias: 'dimm0' });
    await write(domain, SLEEP);
    assert.deepEqual(await heard.asleep.next(), { domain });
    await bench.qemu.domainGuests.pmWakeup(domain);
    assert.deepEqual(await heard.awake.next(), { domain });

    // A guest that is not ready for it starts anew.
    await bench.qemu.qemu.monitorCommand(domain, MACHINE_CHECK, MonitorCommand.HMP);
    assert.deepEqual(await heard.memoryFailure.next(), {
      domain,
      recipient: 'guest',
      action: 'reset',
      actionRequired: false,
      recursive: false,
    });
    const hibernated = heard.hibernated.next();
    // Until its firmware has set it up there is nothing where this is written, and when it worked no guest.
    const writeUntilHeard = async () => {
      await write(domain, HIBERNATE).catch(() => undefined);
      if (!(await Promise.race([hibernated, delay(100, undefined)]))) await writeUntilHeard();
    };
    await writeUntilHeard();
    assert.deepEqual(await hibernated, { domain });
    await bench.qemu.domains.destroy(domain).catch(() => undefined);
  });
});
