import assert from 'node:assert/strict';
import { copyFile, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { DebugError } from '../../../../src/engines/gdb/error.ts';
import { buildTinyOs, tinyOsFolder } from '../../../../scripts/lib/tiny-os.ts';
import { ARM, type BareProgram, buildBareProgram, RISCV } from '../../../support/bare-program.ts';
import { DapClient } from '../../../support/dap-client.ts';
import { eventually } from '../../../support/eventually.ts';
import { startSshServer } from '../../support/ssh-server.ts';
import { useDebugBench } from './support.ts';

/** What a kernel's build has for gdb. */
const HELPERS = `import gdb
class Modules(gdb.Command):
    def __init__(self):
        super().__init__('lx-symbols', gdb.COMMAND_FILES)
    def invoke(self, folder, _):
        print('modules of ' + folder)
        raise gdb.GdbError('there are none yet')
Modules()
`;
/** The line of `seconds++` in count(). */
const COUNT = 38;

/** False, or what this machine lacks for it: `npm test` installs what one of them takes. */
async function whyNot({ arch }: BareProgram): Promise<string | false> {
  for (const program of [`qemu-system-${arch}`, `${arch}-linux-gnu-as`]) {
    const { failed } = await execa(program, ['--version'], { reject: false });
    if (failed) return `there is no ${program}`;
  }
  return false;
}

const FOREIGN = [
  [ARM, await whyNot(ARM)],
  [RISCV, await whyNot(RISCV)],
] as const;

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
      const [{ instructionPointerReference: pointer } = {}] = await debug.stack();
      assert.equal(pointer, '0xfffffff0', 'the code segment begins far above 0');
      const code = { memoryReference: pointer, instructionCount: 1 };
      const { instructions } = await debug.request('disassemble', code);
      const [first] = instructions as readonly { readonly instructionBytes: string }[];
      assert.match(first?.instructionBytes ?? '', /^ea 5b e0 00 f0/, 'the jump of the firmware');
      await debug.request('continue', { threadId: 1 });
      await debug.event('stopped', ({ reason }) => reason === 'function breakpoint');
      assert.equal((await debug.stack())[0]?.name, 'main');
      await debug.disconnect();
    }
    await session.end();
    await assertNothingLeft();
  });

  test('is read by QEMU where the temporary folder is for one user only', async () => {
    const kernel = await buildTinyOs();
    const before = process.env['TMPDIR'];
    // Of mode 0700, as the folder of each user is where there is one.
    process.env['TMPDIR'] = await mkdtemp(join(tmpdir(), 'kvm-closed-'));
    try {
      const { session, adapter } = await bench.start({
        type: 'kvm',
        request: 'launch',
        name: 'closed',
        kernel,
        memory: 16,
      });
      {
        await using debug = new DapClient(adapter);
        await debug.attach({ functions: [{ name: 'main' }] });
        await debug.event('stopped', ({ reason }) => reason === 'function breakpoint');
        await debug.disconnect();
      }
      await session.end();
    } finally {
      await rm(tmpdir(), { recursive: true });
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
    await assertNothingLeft();
  });

  test('is shown with its sources although it was built elsewhere, or says what to do', async () => {
    const built = join(bench.daemon.folder, 'build-machine');
    const folder = join(bench.daemon.folder, 'sources');
    const isSource = (path: string) => basename(path) !== 'build';
    await cp(tinyOsFolder, built, { recursive: true, filter: isSource });
    await execa('make', ['--silent', '-C', built]);
    await rename(built, folder);
    const kernel = join(folder, 'build', 'tiny-os.elf');
    const configuration = { type: 'kvm', request: 'launch', name: 'elsewhere', kernel, memory: 16 };
    const main = join(folder, 'src', 'main.c');
    const begin = async (more: object, workspace: string | undefined) => {
      const { session, adapter } = await bench.start({ ...configuration, ...more }, { workspace });
      const debug = new DapClient(adapter);
      return { debug, end: () => debug.disconnect().then(() => session.end()) };
    };

    {
      const { debug, end } = await begin({}, folder);
      await using _ = debug;
      const [made] = await debug.attach({ file: main, lines: [{ line: COUNT }] });
      assert.equal(made?.verified, true);
      await debug.event('stopped');
      assert.equal((await debug.stack())[0]?.source?.path, main);
      assert.match(
        debug.output.join(''),
        /was built in \S*\/build-machine; its sources are taken from \S*\/sources/,
      );
      await end();
    }
    {
      const { debug, end } = await begin({ sourceFileMap: { [built]: folder } }, undefined);
      await using _ = debug;
      await debug.attach({ functions: [{ name: 'main' }] });
      await debug.event('stopped');
      assert.equal((await debug.stack())[0]?.source?.path, main);
      const other = join(bench.daemon.folder, 'other.c');
      const [made] = await debug.setBreakpoints(other, [{ line: 1 }]);
      assert.equal(made?.verified, false);
      assert.match(made.message ?? '', /not built from a file named other\.c.*[Ss]et “program”/);
      await end();
    }
    {
      // Another main.c: nothing beside it is of the program.
      await mkdir(join(bench.daemon.folder, 'unlike'));
      const other = join(bench.daemon.folder, 'unlike', 'main.c');
      await writeFile(other, 'int main(void) {}\n');
      const { debug, end } = await begin({ stopAtEntry: true }, undefined);
      await using _ = debug;
      const [made] = await debug.attach({ file: other, lines: [{ line: 1 }] });
      assert.equal(made?.verified, false);
      assert.match(
        made.message ?? '',
        /knows \S*build-machine\/src\/main\.c, not \S*unlike\/main\.c: set “sourceFileMap”/,
      );
      await end();
    }
    await assertNothingLeft();
  });

  test('gets the helpers of its kernel, and breakpoints in a module that is loaded later', async () => {
    const kernel = await buildTinyOs();
    const folder = join(bench.daemon.folder, 'kernel');
    await mkdir(folder);
    const vmlinux = join(folder, 'vmlinux');
    await copyFile(kernel, vmlinux);
    const script = join(folder, 'vmlinux-gdb.py');
    await writeFile(script, HELPERS);
    const source = join(folder, 'module.c');
    await writeFile(source, 'int loaded(void) {\n  return 1;\n}\n');
    await execa('gcc', [
      '-m32',
      '-g',
      '-c',
      '-ffreestanding',
      '-fno-pic',
      '-o',
      join(folder, 'module.o'),
      source,
    ]);
    const { session, adapter } = await bench.start(
      { type: 'kvm', request: 'launch', name: 'modules', kernel, vmlinux, memory: 16, stopAtEntry: true },
      { scriptFor: () => Promise.resolve(script) },
    );
    {
      await using debug = new DapClient(adapter);
      const [made] = await debug.attach({ file: source, lines: [{ line: 2 }] });
      assert.match(debug.output.join(''), new RegExp(`modules of ${folder}`));
      assert.deepEqual([made?.verified, made?.message?.includes('module.c')], [false, true]);
      await debug.event('stopped', ({ reason }) => reason === 'entry');
      await debug.evaluate(`>add-symbol-file ${join(folder, 'module.o')} 0x200000`);
      const known = await debug.event('breakpoint', ({ reason }) => reason === 'changed');
      assert.equal((known['breakpoint'] as { verified: boolean }).verified, true);
      await debug.disconnect();
    }
    await session.end();
    await assertNothingLeft();
  });

  for (const [program, missing] of FOREIGN)
    test(`may be of another architecture: ${program.arch}`, { skip: missing }, async () => {
      const { path, source, line } = await buildBareProgram(bench.daemon.folder, program);
      const configuration = { type: 'kvm', request: 'launch', name: 'foreign', kernel: path, memory: 32 };
      await assert.rejects(bench.start({ ...configuration, gdb: 'gdb' }), (error) => {
        assert.ok(error instanceof DebugError);
        assert.equal(error.code, 'gdb-architecture');
        assert.match(error.hint ?? '', /gdb-multiarch/);
        return true;
      });
      assert.deepEqual(await copies(), [], 'a session that does not come about leaves nothing');
      await assertNothingLeft();
      const { session, adapter, gdb, facts } = await bench.start(configuration);
      assert.deepEqual([gdb.program, facts.arch], ['gdb-multiarch', program.arch]);
      {
        await using debug = new DapClient(adapter);
        await debug.attach({ file: source, lines: [{ line }] });
        await debug.event('stopped');
        assert.equal(Number(await debug.evaluate(program.count)), 1);
        await debug.request('next', { threadId: 1 });
        await debug.event('stopped', ({ reason }) => reason === 'step');
        assert.equal(Number(await debug.evaluate(program.double)), 2);
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

    await mkdir(join(daemon.folder, 'pool'));
    await daemon.virsh('pool-create-as', 'default', 'dir', '--target', join(daemon.folder, 'pool'));
    const kernel = await buildTinyOs();
    const boot = { type: 'kvm', request: 'launch', name: 'sent', host: 'far', memory: 16 };
    const sent = await bench.start({ ...boot, kernel });
    {
      await using debug = new DapClient(sent.adapter);
      await debug.attach({ file: join(tinyOsFolder, 'src', 'main.c'), lines: [{ line: COUNT }] });
      await debug.event('stopped');
      assert.match(await daemon.virsh('vol-list', 'default'), /kvm-debug-\w+-tiny-os\.elf/);
      await debug.disconnect();
    }
    await sent.session.end();
    assert.equal(await daemon.virsh('vol-list', 'default'), '', 'the copy is gone with the guest');
    await assert.rejects(bench.start({ ...boot, kernel: '/nowhere/kernel' }), (error) => {
      assert.ok(error instanceof DebugError);
      assert.match(
        `${error.message}. ${error.hint}`,
        /“far” cannot boot \/nowhere\/kernel.*copied to the host/,
      );
      return true;
    });
    await daemon.virsh('pool-destroy', 'default');
    await daemon.virsh('destroy', 'distant');
    await daemon.virsh('undefine', 'distant');
    inventory.setHosts(
      inventory.hosts.filter(({ name }) => name !== 'far').map(({ definition }) => definition),
    );
    await assertNothingLeft();
  });
});
