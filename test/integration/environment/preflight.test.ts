import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { preflight } from '../../../src/environment/deploy/preflight.ts';
import { EnvironmentBench } from './support.ts';

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
    assert.match(off?.message ?? '', /“default” of lab is not active/u);
    assert.equal(off?.fix?.title, 'Start Network default');
    await off?.fix?.run();
    assert.deepEqual(await obstacles('    accel: tcg\n'), []);
  });

  test('a network that is not there, an emulator that is not installed, KVM that is not offered', async () => {
    const messages = async (guest: string) => (await obstacles(guest)).map(({ message }) => message);
    assert.deepEqual(await messages('    accel: tcg\n    networks: [nowhere]\n'), [
      'lab has no network “nowhere”',
    ]);
    assert.match((await messages('    accel: kvm\n    networks: []\n'))[0] ?? '', /no KVM for x86_64/u);
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
    assert.equal(taken?.message, `Another program listens at port ${port} of this machine`);
    server.close();
  });

  test('a domain of that name which is not ours', async () => {
    await bench.daemon.defineTinyOs('t-one');
    const [taken] = await obstacles('    accel: tcg\n    networks: []\n');
    assert.equal(taken?.message, 'lab has a domain “t-one” that no kvm.yaml made');
    await bench.daemon.virsh('undefine', 't-one');
  });
});
