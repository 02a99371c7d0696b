import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { bootPaused } from '../../../../../src/engines/environment/deploy/boot-file.ts';
import { destroyGuest, findOwnGuests } from '../../../../../src/engines/environment/deploy/down.ts';
import { preflight } from '../../../../../src/engines/environment/deploy/preflight.ts';
import { eventually } from '../../../../support/eventually.ts';
import { freePort } from '../../../../support/free-port.ts';
import { whyNoLinux } from '../../../../support/linux-guest.ts';
import { GREETING, networkGuestFor } from '../../../../support/network-guest.ts';
import { type SshServer, startSshServer } from '../../../support/ssh-server.ts';
import { EnvironmentBench } from '../support.ts';

suite('A guest on a host over ssh', { skip: await whyNoLinux() }, () => {
  let server: SshServer;
  let bench: EnvironmentBench;

  before(async () => {
    server = await startSshServer();
    bench = await EnvironmentBench.open({}, ({ socket }) => server.uri({ socket }));
    const { kernel, initrd } = await networkGuestFor(bench.daemon);
    // As if they were on this machine only: the workspace's folder is nobody else's.
    await mkdir(join(bench.folder, 'build'));
    await copyFile(kernel, join(bench.folder, 'build', 'bzImage'));
    await copyFile(initrd, join(bench.folder, 'build', 'initrd'));
  });
  after(async () => {
    await bench?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  const yaml = (port: number) => `name: t
guests:
  far:
    kernel: build/bzImage
    initrd: build/initrd
    cmdline: console=ttyS0 quiet cryptomgr.notests
    memory: 128 MiB
    accel: tcg
    networks: [user]
    ports: ['${port}:80']
`;

  test('gets its kernel there, is reached through the connection, and leaves nothing', async () => {
    const port = await freePort();
    const found = await bench.inventory();
    assert.equal(bench.host.isLocal, false);
    const [far] = await bench.up(yaml(port));
    assert.equal(far?.outcome, 'created');
    assert.match(await bench.daemon.virsh('vol-list', 'kvm-workbench'), /t-far-kernel-[0-9a-f]{8}/u);
    const answer = await eventually('the guest answers', async () => {
      const response = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
      return response === undefined ? undefined : (await response.text()).trim();
    });
    assert.equal(answer, GREETING);
    assert.equal((await bench.up(yaml(port)))[0]?.outcome, 'unchanged');

    const environment = await bench.load(yaml(port));
    const findOwn = () => findOwnGuests(environment.guests, bench.services.id, async () => bench.host);
    for (const own of await findOwn()) await destroyGuest(own, bench.services);
    assert.deepEqual(await bench.inventory(), found);
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`), 'the port is gone with the guest');
    assert.ok((await readFile(join(bench.folder, 'build', 'bzImage'))).length > 0);
  });

  test('boots a file of this machine, whose copy is gone', async () => {
    const elf = await bench.daemon.tinyOsElf();
    const { domains } = bench.connection;
    const domain = await bootPaused(bench.host, elf, { signal: AbortSignal.timeout(30_000), type: 'qemu' });
    try {
      assert.match(await domains.xml(domain), /<kernel>[^<]*\/boot-tiny-os\.elf-[0-9a-f]{4}<\/kernel>/u);
      assert.equal(await bench.daemon.virsh('pool-list', '--all', '--name'), '');
    } finally {
      await domains.destroy(domain);
    }
  });

  test('has nothing of this machine’s file system, and is told so before', async () => {
    await writeFile(join(bench.folder, 'own.qcow2'), '');
    const text = `${yaml(1024)}    disk: [{ path: own.qcow2 }]\n    mounts: ['build:/work']\n`;
    const plan = await bench.plan(await bench.load(text));
    const obstacles = await preflight(plan, bench.services.id, bench.services.images.folder);
    assert.match(
      obstacles.map(({ message }) => message).join(),
      /own\.qcow2 and \S+\/build are on this machine, and lab is another/u,
    );
  });
});
