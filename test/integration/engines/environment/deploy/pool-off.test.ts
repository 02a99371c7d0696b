import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { destroyGuest, down, findOwnGuests } from '../../../../../src/engines/environment/deploy/down.ts';
import { EnvironmentBench } from '../support.ts';

suite('A guest whose pool is off', () => {
  let bench: EnvironmentBench;
  let yaml: string;
  let pool: string;

  before(async () => {
    bench = await EnvironmentBench.open();
    pool = join(bench.folder, 'pool');
    await mkdir(pool);
    // As a pool of the system is: QEMU’s user has to get there.
    await chmod(bench.folder, 0o755);
    await bench.daemon.virsh('pool-define-as', 'default', 'dir', '--target', pool);
    await bench.daemon.virsh('pool-start', 'default');
    await execa('qemu-img', ['create', '-q', '-f', 'qcow2', join(bench.folder, 'base.qcow2'), '8M']);
    const kernel = await bench.daemon.tinyOsElf();
    yaml = `name: t
guests:
  box:
    image: base.qcow2
    memory: 64 MiB
    accel: tcg
    networks: []
    xml: <domain><os><kernel>${kernel}</kernel></os></domain>
`;
    await bench.up(yaml);
  });
  after(async () => bench[Symbol.asyncDispose]());

  async function own() {
    const environment = await bench.load(yaml);
    const [box] = await findOwnGuests(environment.guests, bench.services.id, async () => bench.host);
    assert.ok(box);
    return box;
  }

  async function stop(): Promise<void> {
    await down(await own(), bench.services, { signal: AbortSignal.timeout(30_000), patienceMs: 0 });
    await bench.daemon.virsh('pool-destroy', 'default');
  }

  test('comes up with the disk that it has', async () => {
    await stop();
    const disk = join(pool, 't-box-disk1.qcow2');
    await execa('qemu-io', ['-c', 'write -P 7 0 64k', disk]);
    const [box] = await bench.up(yaml);
    assert.equal(box?.outcome, 'started');
    assert.doesNotMatch(await bench.daemon.virsh('pool-list', '--all', '--name'), /kvm-workbench/);
    await stop();
    const { stdout } = await execa('qemu-io', ['-c', 'read -P 7 0 64k', disk]);
    assert.doesNotMatch(stdout, /failed/u);
  });

  test('is not said to be deleted while its disk cannot be', async () => {
    await rename(pool, `${pool}.away`);
    await writeFile(pool, 'no folder');
    await assert.rejects(destroyGuest(await own(), bench.services), {
      name: 'PoolOffError',
      message: /The pool default, which holds .*t-box-disk1\.qcow2/u,
    });
    await assert.rejects(bench.up(yaml), { name: 'PoolOffError' });
    assert.equal(await bench.daemon.virsh('domstate', 't-box'), 'shut off');
    await rename(pool, join(bench.folder, 'no-folder'));
    await rename(`${pool}.away`, pool);
  });

  test('is deleted with all that it had, once the pool can be started', async () => {
    await destroyGuest(await own(), bench.services);
    assert.deepEqual(await readdir(pool), []);
    assert.doesNotMatch(await bench.daemon.virsh('list', '--all', '--name'), /t-box/);
  });
});
