import assert from 'node:assert/strict';
import { stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { summarize } from '../../../../../src/model/inventory/domain-summary.ts';
import { guestRows } from '../../../../../src/model/inventory/guest-facts.ts';
import { DomainTarget } from '../../../../../src/model/inventory/domain-target.ts';
import type { Host } from '../../../../../src/model/inventory/host.ts';
import {
  freezeFileSystems,
  thawFileSystems,
  trimFileSystems,
} from '../../../../../src/model/operations/domain/file-systems.ts';
import { readGuestInfo } from '../../../../../src/model/operations/domain/guest-info.ts';
import { resumeDomain } from '../../../../../src/model/operations/domain/resume.ts';
import { setClock } from '../../../../../src/model/operations/domain/set-clock.ts';
import { setPassword } from '../../../../../src/model/operations/domain/set-password.ts';
import { shutdownDomain } from '../../../../../src/model/operations/domain/shutdown.ts';
import { runCommand } from '../../../../../src/model/operations/domain/run-command.ts';
import { Affect } from '../../../../../src/client/libvirt/affect.ts';
import { type Connection, connect } from '../../../../../src/client/libvirt/connect.ts';
import type { DomainEvent } from '../../../../../src/client/libvirt/domain/events.ts';
import { type DomainRef, StartDomain } from '../../../../../src/client/libvirt/domain/domain.ts';
import { OpenConsole } from '../../../../../src/client/libvirt/domain/streams.ts';
import type { RpcStream } from '../../../../../src/client/rpc/stream.ts';
import { labOver } from '../../../../support/lab-over.ts';
import { LINUX_LOGIN, linuxGuestXml, linuxKernelFor, whyNoLinux } from '../../../../support/linux-guest.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../../support/private-daemon.ts';
import { Transcript } from '../../../../support/transcript.ts';
import { Heard } from '../../../client/libvirt/support.ts';

/** Room for memory that is plugged while it runs, and the node of the machine that gets it. */
const ROOM = `<maxMemory slots="1" unit="MiB">256</maxMemory>
  <cpu><numa><cell id="0" cpus="0" memory="128" unit="MiB"/></numa></cpu>`;

/** Memory of which the guest gets what is asked for, at first nothing. */
const MEMORY_DEVICE = `<memory model="virtio-mem"><target>
  <size unit="MiB">128</size><node>0</node><block unit="MiB">2</block><requested unit="MiB">0</requested>
  </target></memory>`;

const DISK_BYTES = 64 * 1024 * 1024;

suite('A real Linux guest, and what its agent is asked to do', { skip: await whyNoLinux() }, () => {
  let daemon: PrivateDaemon;
  let connection: Connection;
  let guest: DomainRef;
  let host: Host;
  let target: DomainTarget;
  let console: RpcStream;
  let transcript: Transcript;
  let disk: string;

  before(async () => {
    daemon = await startPrivateDaemon();
    connection = await connect(daemon.uri, AbortSignal.timeout(20_000));
    disk = join(daemon.folder, 'disk.raw');
    await writeFile(disk, '');
    await truncate(disk, DISK_BYTES);
    const drive = `<disk type="file"><driver name="qemu" type="raw" discard="unmap"/><source file="${disk}"/>
      <target dev="vda" bus="virtio"/></disk>`;
    const xml = linuxGuestXml(
      { name: 'linux', agent: true, devices: MEMORY_DEVICE + drive },
      await linuxKernelFor(daemon),
    );
    guest = await connection.domains.createXml(
      xml.replace('<memory ', `${ROOM}<memory `),
      StartDomain.PAUSED,
    );
    console = await connection.domainStreams.openConsole(guest, undefined, OpenConsole.SAFE);
    transcript = new Transcript(console);
    host = labOver(connection);
    await host.connect();
    target = new DomainTarget(host, guest.uuid);
    await resumeDomain(target, {});
  });
  after(async () => {
    console?.destroy();
    host?.disconnect();
    connection?.close();
    await daemon?.dispose();
  });

  test('lets somebody log in at its console', async () => {
    await transcript.expect(/login: /u);
    console.write(`${LINUX_LOGIN.user}\n`);
    await transcript.expect(/Password: /u);
    console.write(`${LINUX_LOGIN.password}\n`);
    await transcript.expect(/# /u);
    console.write('echo $((6 * 7))\n');
    await transcript.expect(/^42\r$/mu);
  });

  test('answers through its agent', async () => {
    // The agent starts beside the login, and libvirt notes in the XML when it is there.
    const deadline = Date.now() + 30_000;
    while (summarize(await connection.domains.xml(guest)).agent !== 'connected') {
      assert.ok(Date.now() < deadline, 'the agent did not start');
      await sleep(100);
    }
    const info = await readGuestInfo(target, {});
    assert.equal(info.hostname, 'guest');
    assert.equal(info.os?.prettyName, 'Workbench Linux 1');
  });

  test('runs a command that its agent is given, and tells how it ended', async () => {
    const line = 'echo "$((6 * 7)) ü"; echo oops >&2; exit 3';
    assert.deepEqual(await runCommand(target, { line }), {
      exitCode: 3,
      output: '42 ü\n',
      errors: 'oops\n',
      truncated: false,
    });
  });

  test('takes the time through its agent', async () => {
    await setClock(target, { to: new Date(1_700_000_000_500) });
    const { seconds } = await connection.domainGuests.time(guest);
    assert.ok(seconds >= 1_700_000_000n && seconds < 1_700_000_060n);
  });

  test('tells of its file systems, holds them still and gives back what is free on them', async () => {
    const run = async (line: string) => {
      console.write(`${line}; echo do''ne\n`);
      return transcript.expect(/[^]*^done\r$/mu);
    };
    await run('mke2fs -q /dev/vda 2>/dev/null; mkdir /mnt; mount -t ext4 /dev/vda /mnt');
    const rows = new Map(guestRows(await readGuestInfo(target, {})));
    assert.match(rows.get('File systems') ?? '', /^\/mnt \(0\.0 of 0\.1 GiB\)$/u);
    assert.equal(rows.get('Host name'), 'guest');

    assert.equal(await freezeFileSystems(target, {}), 1);
    await run(`(echo late >/mnt/file; echo writ''ten) & sleep 1; cat /mnt/file 2>&1`);
    assert.doesNotMatch(transcript.text, /written/u);
    assert.equal(await thawFileSystems(target, {}), 1);
    await transcript.expect(/written/u);

    await run('dd if=/dev/urandom of=/mnt/big bs=1M count=16 2>/dev/null; sync');
    const { blocks: full } = await stat(disk);
    await run('rm /mnt/big; sync');
    await trimFileSystems(target, {});
    const { blocks: empty } = await stat(disk);
    assert.ok((full - empty) * 512 > 12 * 1024 * 1024, `${full} blocks before, ${empty} afterwards`);
  });

  test('gives a user another password through its agent', async () => {
    await setPassword(target, { user: LINUX_LOGIN.user, password: 'something else' });
    console.write('exit\n');
    await transcript.expect(/login: /u);
    console.write(`${LINUX_LOGIN.user}\n`);
    await transcript.expect(/Password: /u);
    console.write('something else\n');
    await transcript.expect(/# /u);
  });

  test('takes more memory, and says how much it has', async () => {
    const heard = new Heard<DomainEvent<'memoryDeviceSizeChange'>>();
    const stop = await connection.domainEvents.on('memoryDeviceSizeChange', heard.hear);
    const [device] =
      /<memory model='virtio-mem'>.+?<\/memory>/su.exec(await connection.domains.xml(guest)) ?? [];
    assert.ok(device !== undefined);
    const more = device.replace(/<requested .+?<\/requested>/u, '<requested unit="MiB">128</requested>');
    await connection.domainDevices.update(guest, more, Affect.LIVE);
    const { alias, sizeKiB } = await heard.next();
    assert.equal(alias, 'virtiomem0');
    assert.ok(sizeKiB > 0 && sizeKiB % 2048 === 0, `${sizeKiB} KiB`);
    await stop();
  });

  test('obeys the power button, and its console ends', async () => {
    const closed = new Promise((resolve) => console.once('close', resolve));
    const stopped = shutdownDomain(target, { ask: 'button', patienceMs: 30_000 });
    await transcript.expect(/Requesting system poweroff/u);
    assert.equal(await stopped, true);
    await closed;
    assert.equal(target.record, undefined, 'it was transient');
  });
});
