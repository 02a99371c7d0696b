import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ElfFile } from '../../../../src/engines/gdb/symbols/elf.ts';
import { DebugError } from '../../../../src/engines/gdb/error.ts';
import { fitKernel } from '../../../../src/engines/gdb/symbols/kernel.ts';
import { ErrorCode, isLibvirtError } from '../../../../src/client/libvirt/error.ts';
import { DapClient } from '../../../support/dap-client.ts';
import { eventually } from '../../../support/eventually.ts';
import {
  agentAnswers,
  type Ask,
  kernelNotes,
  kernelSymbolFile,
  kernelSymbols,
  outputInGuest,
  runInGuest,
} from '../../../support/guest-kernel.ts';
import { linuxGuestXml, linuxKernelFor, whyNoLinux } from '../../../support/linux-guest.ts';
import { startSshServer } from '../../support/ssh-server.ts';
import { useDebugBench } from './support.ts';

suite('A Linux guest', { skip: await whyNoLinux() }, () => {
  const bench = useDebugBench();

  test('stops in a function of its kernel, which KASLR moved, and goes on, here and over ssh', async () => {
    const connection = await bench.connection();
    const kernel = await linuxKernelFor(bench.daemon);
    const domain = await connection.domains.createXml(linuxGuestXml({ name: 'linux', agent: true }, kernel));
    /** libvirt hears a moment later what a debugger does: until then a guest that runs again is still paused to it. */
    const ask: Ask = async (command, seconds) =>
      eventually('libvirt knows that it runs', async () => {
        try {
          return (await connection.qemu.agentCommand(domain, command, seconds)) ?? '';
        } catch (error) {
          if (isLibvirtError(error, ErrorCode.OPERATION_INVALID)) return undefined;
          throw error;
        }
      });
    await agentAnswers(ask);
    const running = () =>
      eventually('it runs', async () => (await connection.domains.state(domain)).state === 'running');
    const { offset, symbols: linked } = await kernelSymbols(ask);
    const notes = await kernelNotes(ask);
    const vmlinux = await kernelSymbolFile(bench.daemon.folder, linked, notes);

    const elsewhere = join(bench.daemon.folder, 'elsewhere');
    await mkdir(elsewhere);
    const moved = new Map([...linked].map(([name, address]) => [name, address + 0x1000n]));
    const configuration = { type: 'kvm', request: 'attach', domain: 'linux' };
    const refused = async (wrong: string, words: RegExp) =>
      assert.rejects(bench.start({ ...configuration, vmlinux: wrong }), (error) => {
        assert.ok(error instanceof DebugError);
        assert.match(error.message, /of another kernel|but the guest runs/);
        assert.match(error.message, words);
        return true;
      });
    await refused(await kernelSymbolFile(elsewhere, moved), /elsewhere in the guest/);
    // The same version, built once more: only the id of the build tells.
    const rebuilt = Buffer.from(notes);
    const id = rebuilt.indexOf('GNU\0') + 4;
    rebuilt[id] = (rebuilt[id] ?? 0) ^ 1;
    await refused(await kernelSymbolFile(elsewhere, linked, rebuilt), /the build id [0-9a-f]{40}, theirs/);

    // Where no register tells, as on other architectures, the guest's agent does.
    {
      await using elf = await ElfFile.open(vmlinux);
      const asked = await fitKernel({ connection, domain, arch: 'aarch64', cmdline: '' }, elf);
      assert.equal(asked.offset, offset);
    }

    await using ssh = await startSshServer();
    const far = { name: 'far', uri: ssh.uri({ socket: bench.daemon.socket }), origin: 'configured' } as const;
    bench.inventory.setHosts([...bench.inventory.hosts.map(({ definition }) => definition), far]);
    for (const host of ['lab', 'far']) {
      // Not named, but found in the workspace.
      const { session, adapter, symbols, remarks } = await bench.start(
        { ...configuration, host },
        {
          workspace: bench.daemon.folder,
        },
      );
      assert.equal('path' in session.address, host === 'far', 'a stub that is elsewhere is reached over ssh');
      assert.equal(symbols.path, vmlinux);
      assert.equal(symbols.offset, offset);
      assert.match(remarks.join('\n'), /The guest runs Linux \d/);
      {
        await using debug = new DapClient(adapter);
        await debug.attach({ functions: [{ name: 'do_sys_openat2' }] });
        await running();
        const program = runInGuest(ask, '/bin/busybox', 'cat', '/proc/version');
        await debug.event('stopped');
        assert.equal((await debug.stack())[0]?.name, 'do_sys_openat2');
        await debug.request('setFunctionBreakpoints', { breakpoints: [] });
        await debug.request('continue', { threadId: 1 });
        await running();
        assert.match(await outputInGuest(ask, await program), /^Linux version/);
        await debug.disconnect();
      }
      await session.end();
    }
    assert.equal(await bench.daemon.virsh('domstate', 'linux'), 'running');
    assert.match(await outputInGuest(ask, await runInGuest(ask, '/bin/busybox', 'echo', 'well')), /well/);
    const near = bench.inventory.hosts.filter(({ name }) => name !== 'far');
    bench.inventory.setHosts(near.map(({ definition }) => definition));
    await connection.domains.destroy(domain);
  });
});
