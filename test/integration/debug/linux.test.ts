import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { DebugError } from '../../../src/debug/error.ts';
import type { Connection } from '../../../src/libvirt/connect.ts';
import type { DomainRef } from '../../../src/libvirt/domain.ts';
import { DapClient } from '../../support/dap-client.ts';
import { linuxGuestXml, linuxKernelFor, whyNoLinux } from '../../support/linux-guest.ts';
import { eventually } from '../../support/eventually.ts';
import { useDebugBench } from './support.ts';

const LINK_BASE = 0xffff_ffff_8100_0000n;
const WANTED = ['_text', 'asm_exc_divide_error', 'do_sys_openat2', 'linux_banner'];

/** Runs a program in the guest through its agent. */
async function run(
  connection: Connection,
  domain: DomainRef,
  path: string,
  ...arg: string[]
): Promise<number> {
  const command = { execute: 'guest-exec', arguments: { path, arg, 'capture-output': true } };
  const answer = await connection.qemu.agentCommand(domain, JSON.stringify(command));
  return (JSON.parse(answer ?? '') as { return: { pid: number } }).return.pid;
}

async function outputOf(connection: Connection, domain: DomainRef, pid: number): Promise<string> {
  const command = JSON.stringify({ execute: 'guest-exec-status', arguments: { pid } });
  return eventually('the program in the guest is done', async () => {
    const answer = await connection.qemu.agentCommand(domain, command);
    const status = (JSON.parse(answer ?? '') as { return: { exited: boolean; 'out-data'?: string } }).return;
    if (!status.exited) return undefined;
    return Buffer.from(status['out-data'] ?? '', 'base64').toString();
  });
}

/** An ELF file with a kernel's symbols, as its vmlinux would have them, and nothing else. */
async function symbolFile(folder: string, symbols: ReadonlyMap<string, bigint>): Promise<string> {
  const base = join(folder, 'vmlinux');
  const lines = [...symbols].map(
    ([name, address]) => `${name} = . + 0x${(address - LINK_BASE).toString(16)};`,
  );
  await writeFile(`${base}.s`, '.text\nnop\n');
  await writeFile(
    `${base}.ld`,
    `SECTIONS { .text 0x${LINK_BASE.toString(16)} (NOLOAD) : { ${lines.join(' ')} . += 0x4000000; } }`,
  );
  await execa('gcc', [
    '-nostdlib',
    '-static',
    '-Wl,--build-id=none',
    `-Wl,-T,${base}.ld`,
    '-o',
    base,
    `${base}.s`,
  ]);
  return base;
}

suite('A Linux guest', { skip: await whyNoLinux() }, () => {
  const bench = useDebugBench();

  test('stops in a function of its kernel, which KASLR moved, with a symbol file, and goes on', async () => {
    const connection = await bench.connection();
    const kernel = await linuxKernelFor(bench.daemon);
    const domain = await connection.domains.createXml(linuxGuestXml({ name: 'linux', agent: true }, kernel));
    await eventually('the guest is up', async () =>
      connection.qemu.agentCommand(domain, '{"execute":"guest-ping"}', 2).then(
        () => true,
        () => false,
      ),
    );
    /** libvirt hears a moment later what a debugger does. */
    const running = () =>
      eventually('it runs', async () => (await connection.domains.state(domain)).state === 'running');
    const pattern = `^[0-9a-f]* . \\(${WANTED.join('\\|')}\\)$`;
    const kallsyms = await outputOf(
      connection,
      domain,
      await run(connection, domain, '/bin/busybox', 'grep', pattern, '/proc/kallsyms'),
    );
    const addresses = new Map(
      kallsyms
        .trim()
        .split('\n')
        .map((line) => line.split(' '))
        .map(([address = '', , name = '']) => [name, BigInt(`0x${address}`)] as const),
    );
    assert.deepEqual([...addresses.keys()].toSorted(), WANTED.toSorted());
    const offset = (addresses.get('_text') ?? 0n) - LINK_BASE;
    const vmlinux = await symbolFile(
      bench.daemon.folder,
      new Map([...addresses].map(([name, address]) => [name, address - offset])),
    );

    const wrong = join(bench.daemon.folder, 'wrong');
    const moved = new Map([...addresses].map(([name, address]) => [name, address - offset + 0x1000n]));
    await writeFile(wrong, await readFile(await symbolFile(bench.daemon.folder + '/lib', moved)));
    await assert.rejects(
      bench.start({ type: 'kvm', request: 'attach', domain: 'linux', vmlinux: wrong }),
      (error) => {
        assert.ok(error instanceof DebugError);
        assert.match(error.message, /not those of the kernel that runs/);
        return true;
      },
    );

    const { session, adapter, symbols, remarks } = await bench.start({
      type: 'kvm',
      request: 'attach',
      domain: 'linux',
      vmlinux,
    });
    assert.equal(symbols.offset, offset);
    assert.match(remarks.join('\n'), /The guest runs Linux \d/);
    {
      await using debug = new DapClient(adapter);
      await debug.attach({ functions: [{ name: 'do_sys_openat2' }] });
      await running();
      const program = run(connection, domain, '/bin/busybox', 'cat', '/proc/version');
      await debug.event('stopped');
      assert.equal((await debug.stack())[0]?.name, 'do_sys_openat2');
      await debug.request('setFunctionBreakpoints', { breakpoints: [] });
      await debug.request('continue', { threadId: 1 });
      await running();
      assert.match(await outputOf(connection, domain, await program), /^Linux version/);
      await debug.disconnect();
    }
    await session.end();
    assert.equal(await bench.daemon.virsh('domstate', 'linux'), 'running');
    assert.match(
      await outputOf(connection, domain, await run(connection, domain, '/bin/busybox', 'echo', 'well')),
      /well/,
    );
    await connection.domains.destroy(domain);
  });
});
