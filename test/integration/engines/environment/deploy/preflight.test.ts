import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { preflight } from '../../../../../src/engines/environment/deploy/preflight.ts';
import { EnvironmentBench } from '../support.ts';

const skip = process.getuid?.() === 0 ? false : 'Only root can make networks';

suite('What would make Up fail', { skip }, () => {
  let bench: EnvironmentBench;
  let kernel: string;

  before(async () => {
    bench = await EnvironmentBench.open({ privateNetwork: true });
    kernel = await bench.daemon.tinyOsElf();
  });
  after(async () => bench[Symbol.asyncDispose]());

  async function obstacles(guest: string) {
    const plan = await bench.plan(
      await bench.load(`name: t\nguests:\n  one:\n    multiboot: ${kernel}\n${guest}`),
    );
    return preflight(plan, bench.services.id, bench.services.images.folder);
  }

  test('a network that is off is told with a button that starts it', async () => {
    const xml = `<network><name>default</name><bridge name="kwpre0"/><ip address="10.79.0.1" netmask="255.255.255.0"/></network>`;
    const file = join(bench.daemon.folder, 'net.xml');
    await writeFile(file, xml);
    await bench.daemon.virsh('net-define', file);
    const [off] = await obstacles('    accel: tcg\n');
    assert.match(off?.message ?? '', /“default” on lab is not active/u);
    assert.equal(off?.fix?.title, 'Start Network default');
    assert.ok(off?.fix !== undefined && 'run' in off.fix);
    await off.fix.run();
    assert.deepEqual(await obstacles('    accel: tcg\n'), []);
  });

  test('a network that is not there, an emulator that is not installed, KVM that is not offered', async () => {
    const messages = async (guest: string) => (await obstacles(guest)).map(({ message }) => message);
    assert.deepEqual(await messages('    accel: tcg\n    networks: [nowhere]\n'), [
      'lab has no network “nowhere”',
    ]);
    const [noKvm] = await obstacles('    accel: kvm\n    networks: []\n');
    assert.match(noKvm?.message ?? '', /no KVM for x86_64/u);
    assert.deepEqual(noKvm?.fix, { title: 'Write “accel: tcg”', key: 'accel', value: 'tcg' });
    // Whoever has one is told of nothing.
    const installed = (await bench.host.guestTypes('riscv64')).size > 0;
    const wanted = installed ? [] : ['lab has no QEMU for riscv64'];
    assert.deepEqual(await messages('    arch: riscv64\n    networks: []\n'), wanted);
  });

  test('a port that somebody listens at', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const [taken] = await obstacles(`    accel: tcg\n    networks: []\n    ports: ['${port}:80']\n`);
    assert.equal(taken?.message, `Another program already listens on port ${port} of this machine`);
    server.close();
  });

  test('a disk behind folders that QEMU may not enter is told, and let in for that user alone', async () => {
    const closed = join(bench.folder, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await execa('qemu-img', ['create', '-q', '-f', 'qcow2', join(closed, 'd.qcow2'), '1M']);
    const guest = '    accel: tcg\n    networks: []\n    disk: [{ path: closed/d.qcow2 }]\n';
    const [shut] = await obstacles(guest);
    assert.equal(
      shut?.message,
      `QEMU cannot read ${closed}/d.qcow2: its user may not enter ${bench.folder} and ${closed}`,
    );
    assert.equal(shut.fix?.title, 'Let QEMU Enter 2 Folders');
    assert.ok('run' in shut.fix);
    await shut.fix.run();
    assert.deepEqual(await obstacles(guest), []);
    assert.equal((await stat(closed)).mode & 0o007, 0);
  });

  test('passt where libvirt has none, with the other user networking as a way out', async () => {
    const { passt } = await bench.host.machine('x86_64', 'qemu', 'q35');
    const [none] = await obstacles('    accel: tcg\n    networks: [passt]\n');
    assert.equal(none?.message.startsWith('lab cannot use passt') ?? false, !passt);
    if (!passt) assert.deepEqual(none?.fix, { title: 'Write “user”', key: 'networks', value: ['user'] });
  });

  test('firmware and a TPM that the host does not have', async () => {
    const facts = await bench.host.machine('x86_64', 'qemu', 'q35');
    const found = await obstacles(
      '    accel: tcg\n    networks: []\n    firmware: uefi-secure\n    tpm: true\n',
    );
    const wanted = [
      ...(facts.secureBoot ? [] : ['lab has no UEFI firmware with Secure Boot for x86_64']),
      ...(facts.tpm ? [] : ['lab cannot emulate a TPM']),
    ];
    assert.deepEqual(
      found.map(({ message }) => message),
      wanted,
    );
    for (const { fix } of found)
      if (fix !== undefined)
        assert.match('command' in fix ? fix.command : '', /^sudo apt-get install (ovmf|swtpm)$/u);
  });

  test('no space for images, with the setting that says where they are', async () => {
    const small = join(bench.folder, 'small');
    await mkdir(small);
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small]);
    try {
      const plan = await bench.plan(
        await bench.load(
          'name: t\nguests:\n  one:\n    image: debian-12\n    accel: tcg\n    networks: []\n',
        ),
      );
      const [full] = await preflight(plan, bench.services.id, join(small, 'images'));
      assert.equal(full?.message, `${small}/images has only 1 MiB left for images`);
      assert.deepEqual(full.fix, { title: 'Choose Folder…', setting: 'kvm.images.folder' });
    } finally {
      await execa('umount', [small]);
    }
  });

  test('a domain of that name which is not ours', async () => {
    await bench.daemon.defineTinyOs('t-one');
    const [taken] = await obstacles('    accel: tcg\n    networks: []\n');
    assert.equal(taken?.message, 'lab already has a domain “t-one”, which no kvm.yaml created');
    await bench.daemon.virsh('undefine', 't-one');
  });
});
