import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { DebugError } from '../../../src/debug/error.ts';
import { buildTinyOs, tinyOsFolder } from '../../../scripts/lib/tiny-os.ts';
import { DapClient } from '../../support/dap-client.ts';
import { eventually } from '../../support/eventually.ts';
import { startSshServer } from '../support/ssh-server.ts';
import { useDebugBench } from './support.ts';

/** Counts in x0 for ever, where QEMU's `virt` machine has its memory. */
const ARM_PROGRAM = `
.globl _start
.text
_start:
  mov x0, #0
again:
  add x0, x0, #1
  bl twice
  b again
.globl twice
.type twice, %function
twice:
  lsl x1, x0, #1
  ret
`;

suite('A guest that is made to be debugged', () => {
  const bench = useDebugBench();

  const assertNothingLeft = async () => {
    assert.equal(await bench.daemon.virsh('list', '--all', '--name'), '');
    assert.deepEqual(await readdir(bench.folder), []);
    assert.deepEqual(await copies(), []);
  };
  /** Of what is booted, for QEMU's user. */
  const copies = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('kvm-debug-'));

  test('stops before its first instruction and at the first breakpoint, and is gone afterwards', async () => {
    const kernel = await buildTinyOs();
    const { session, adapter, facts } = await bench.start({
      type: 'kvm',
      request: 'launch',
      name: 'Boot it',
      kernel,
      memory: 16,
      stopAtEntry: true,
    });
    assert.equal(facts.arch, 'i686', 'a 32-bit program gets a 32-bit machine');
    assert.match(await bench.daemon.virsh('list', '--name'), /^debug-boot-it-/);
    {
      await using debug = new DapClient(adapter);
      await debug.attach({ functions: [{ name: 'main' }] });
      await debug.event('stopped', ({ reason }) => reason === 'entry');
      assert.equal(await debug.evaluate('$eip'), '0xfff0');
      await debug.request('continue', { threadId: 1 });
      await debug.event('stopped', ({ reason }) => reason === 'function breakpoint');
      assert.equal((await debug.stack())[0]?.name, 'main');
      await debug.disconnect();
    }
    await session.end();
    await assertNothingLeft();
  });

  test('may be of another architecture', async () => {
    const path = join(bench.daemon.folder, 'arm');
    await writeFile(`${path}.s`, ARM_PROGRAM);
    await execa('aarch64-linux-gnu-as', ['-g', '-o', `${path}.o`, `${path}.s`]);
    await execa('aarch64-linux-gnu-ld', ['-Ttext=0x40100000', '-o', path, `${path}.o`]);
    const configuration = { type: 'kvm', request: 'launch', name: 'arm', kernel: path, memory: 32 };
    await assert.rejects(bench.start({ ...configuration, gdb: 'gdb' }), (error) => {
      assert.ok(error instanceof DebugError);
      assert.equal(error.code, 'gdb-architecture');
      assert.match(error.hint ?? '', /gdb-multiarch/);
      return true;
    });
    assert.deepEqual(await copies(), [], 'a session that does not come about leaves nothing');
    await assertNothingLeft();
    const { session, adapter, gdb } = await bench.start(configuration);
    assert.equal(gdb.program, 'gdb-multiarch');
    {
      await using debug = new DapClient(adapter);
      const line = ARM_PROGRAM.split('\n').findIndex((text) => text.includes('lsl')) + 1;
      await debug.attach({ file: `${path}.s`, lines: [{ line }] });
      await debug.event('stopped');
      assert.equal(await debug.evaluate('$x0'), '1');
      await debug.request('next', { threadId: 1 });
      await debug.event('stopped', ({ reason }) => reason === 'step');
      assert.equal(await debug.evaluate('$x1'), '2');
      await debug.disconnect();
    }
    await session.end();
    await assertNothingLeft();
  });

  test('can be a domain that is shut off, which is shut off again', async () => {
    await bench.daemon.defineTinyOs('mine');
    const { session, adapter } = await bench.start({ type: 'kvm', request: 'launch', domain: 'mine' });
    {
      await using debug = new DapClient(adapter);
      await debug.attach({ functions: [{ name: 'count' }] });
      await debug.event('stopped');
      assert.equal((await debug.stack()).length, 3);
      const serial = await (await bench.connection()).domainStreams.openConsole(session.subject.domain);
      let said = '';
      serial.on('data', (chunk: Buffer) => (said += chunk.toString()));
      await debug.evaluate('seconds = 41');
      await debug.request('continue', { threadId: 1 });
      await eventually('what was changed is seen on its serial console', () =>
        Promise.resolve(said.includes('tick 42')),
      );
      serial.destroy();
      await debug.disconnect();
    }
    await session.end();
    assert.equal(await bench.daemon.virsh('domstate', 'mine'), 'shut off');
    await bench.daemon.virsh('undefine', 'mine');
    await assertNothingLeft();
  });

  test('runs on a host over ssh as it does here', async () => {
    await using server = await startSshServer();
    const { inventory, daemon } = bench;
    const host = { name: 'far', uri: server.uri({ socket: daemon.socket }), origin: 'configured' } as const;
    inventory.setHosts([...inventory.hosts.map(({ definition }) => definition), host]);
    await daemon.defineTinyOs('distant');
    await daemon.virsh('start', 'distant');
    const { session, adapter } = await bench.start({
      type: 'kvm',
      request: 'attach',
      host: 'far',
      domain: 'distant',
      program: join(tinyOsFolder, 'build', 'tiny-os.elf'),
    });
    assert.ok('path' in session.address, 'the stub is reached through the host’s own connection');
    {
      await using debug = new DapClient(adapter);
      await debug.attach({ functions: [{ name: 'count' }] });
      await debug.event('stopped');
      assert.equal((await debug.stack())[0]?.name, 'count');
      await debug.disconnect();
    }
    await session.end();
    assert.equal(await daemon.virsh('domstate', 'distant'), 'running');
    assert.doesNotMatch(await bench.monitor('distant', 'info chardev'), /^gdb:/m);
    await daemon.virsh('destroy', 'distant');
    await daemon.virsh('undefine', 'distant');
    inventory.setHosts(
      inventory.hosts.filter(({ name }) => name !== 'far').map(({ definition }) => definition),
    );
    await assertNothingLeft();
  });
});
