import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { cleanUp } from '../../../../src/engines/gdb/sessions/clean.ts';
import { OperationError } from '../../../../src/model/operations/error.ts';
import { DebugError } from '../../../../src/engines/gdb/error.ts';
import { processStart } from '../../../../src/engines/gdb/sessions/notes.ts';
import { switchOff, switchOn } from '../../../../src/engines/gdb/stub/stub.ts';
import { tinyOsFolder } from '../../../../scripts/lib/tiny-os.ts';
import { DapClient } from '../../../support/dap-client.ts';
import { eventually } from '../../../support/eventually.ts';
import { tinyOsXml } from '../../../support/tiny-os.ts';
import { useDebugBench } from './support.ts';

const MAIN = join(tinyOsFolder, 'src', 'main.c');
/** The line of `seconds++` in count(). */
const COUNT = 38;

suite('Attaching to a guest that runs', () => {
  const bench = useDebugBench();

  /** A running guest of that name. */
  async function guest(name: string): Promise<string> {
    await bench.daemon.defineTinyOs(name);
    await bench.daemon.virsh('start', name);
    return name;
  }

  const attach = (domain: string, more: object = {}) =>
    bench.start({ type: 'kvm', request: 'attach', domain, ...more });

  /** As it was before: it runs (or not), nobody can debug it, and nothing is noted any more. */
  async function assertUntouched(name: string, state = 'running'): Promise<void> {
    assert.match(await bench.monitor(name, 'info status'), new RegExp(`VM status: ${state}`));
    // libvirt hears of it a moment later.
    await eventually(
      `libvirt says ${state}`,
      async () => (await bench.daemon.virsh('domstate', name)) === state,
    );
    assert.doesNotMatch(await bench.monitor(name, 'info chardev'), /^gdb:/m);
    assert.deepEqual(await readdir(bench.folder), []);
  }

  async function refused(attempt: Promise<unknown>, code: string, words: RegExp): Promise<void> {
    await assert.rejects(attempt, (error) => {
      assert.ok(error instanceof DebugError || error instanceof OperationError, String(error));
      assert.equal(error.code, code);
      assert.match(`${error.message}. ${error.hint ?? ''}`, words);
      return true;
    });
  }

  test('stops it in C with a whole stack, changes a register, and lets it run on as before', async () => {
    const { session, adapter } = await attach(await guest('web'));
    {
      await using debug = new DapClient(adapter);
      await debug.attach({ file: MAIN, lines: [{ line: COUNT }] });
      await debug.event('stopped');
      const stack = await debug.stack();
      assert.deepEqual(
        stack.map(({ name }) => name),
        ['count', 'loop', 'main'],
      );
      assert.deepEqual((await debug.request('threads'))['threads'], [
        { id: 1, name: 'vCPU 0', running: false },
      ]);
      await debug.evaluate('$eax = 7');
      assert.equal(await debug.evaluate('$eax'), '7');
      assert.match(await bench.monitor('web', 'info registers'), /EAX=00000007/);
      await debug.disconnect();
    }
    await session.end();
    await assertUntouched('web');
  });

  test('leaves one that was paused where it stood', async () => {
    await guest('still');
    await bench.daemon.virsh('suspend', 'still');
    const before = await bench.monitor('still', 'info registers');
    const { session, adapter } = await attach('still');
    {
      await using debug = new DapClient(adapter);
      await debug.attach({ file: MAIN, lines: [{ line: COUNT }] });
      assert.equal((await debug.event('stopped'))['reason'], 'entry');
      await debug.disconnect();
    }
    await session.end();
    await assertUntouched('still', 'paused');
    assert.equal(await bench.monitor('still', 'info registers'), before);
  });

  test('looks into one that panicked, and leaves it as it was at that moment', async () => {
    const kernel = await bench.daemon.tinyOsElf();
    const xml = tinyOsXml({ name: 'fragile', kernel }).replace(
      '<devices>',
      '<on_crash>preserve</on_crash><devices><panic model="isa"/>',
    );
    await bench.daemon.define(xml);
    await bench.daemon.virsh('start', 'fragile');
    const [host] = bench.inventory.hosts;
    await host?.connect();
    await eventually('it waits for its next tick', async () =>
      /EIP=0010[\s\S]*HLT=1/.test(await bench.monitor('fragile', 'info registers')),
    );
    // What the driver of the device writes when its system panics.
    await bench.monitor('fragile', 'o /b 0x505 1');
    const record = () => [...(host?.domains.values() ?? [])].find(({ name }) => name === 'fragile');
    await eventually('it is known to have crashed', () => Promise.resolve(record()?.state === 'crashed'));
    const before = await bench.monitor('fragile', 'info registers');
    const { session, adapter } = await attach('fragile');
    {
      await using debug = new DapClient(adapter);
      await debug.attach();
      await debug.event('stopped', ({ reason }) => reason === 'entry');
      assert.ok((await debug.stack()).some(({ name }) => name === 'main'));
      await debug.disconnect();
    }
    await session.end();
    assert.equal(await bench.daemon.virsh('domstate', 'fragile'), 'crashed');
    assert.equal(await bench.monitor('fragile', 'info registers'), before);
    assert.doesNotMatch(await bench.monitor('fragile', 'info chardev'), /^gdb:/m);
    await bench.daemon.virsh('destroy', 'fragile');
  });

  test('watches data, breaks at instructions and on conditions, and logs values without stopping', async () => {
    const { session, adapter } = await attach(await guest('busy'));
    {
      await using debug = new DapClient(adapter);
      await debug.attach({
        file: MAIN,
        lines: [
          { line: COUNT, logMessage: 'before tick {seconds + 1}' },
          { line: COUNT + 1, condition: 'seconds >= 2' },
        ],
      });
      await debug.event('stopped', ({ reason }) => reason === 'breakpoint');
      assert.ok(Number(await debug.evaluate('seconds')) >= 2);
      assert.match(debug.output.join(''), /before tick \d+\n/);

      await debug.request('setBreakpoints', { source: { path: MAIN }, breakpoints: [] });
      const { dataId } = await debug.request('dataBreakpointInfo', { name: 'ticks' });
      await debug.request('setDataBreakpoints', { breakpoints: [{ dataId, accessType: 'write' }] });
      await debug.request('continue', { threadId: 1 });
      await debug.event('stopped', ({ reason }) => reason !== 'breakpoint');
      assert.equal((await debug.stack())[0]?.name, 'on_timer');
      await debug.request('setDataBreakpoints', { breakpoints: [] });

      const address = /0x[0-9a-f]+/.exec(await debug.evaluate('&serial_put'))?.[0] ?? '';
      await debug.request('setInstructionBreakpoints', { breakpoints: [{ instructionReference: address }] });
      await debug.request('continue', { threadId: 1 });
      await debug.event('stopped');
      assert.equal((await debug.stack())[0]?.name, 'serial_put');
      const { data } = await debug.request('readMemory', { memoryReference: address, count: 4 });
      assert.equal(Buffer.from(String(data), 'base64').length, 4);
      const { instructions } = await debug.request('disassemble', {
        memoryReference: address,
        instructionCount: 5,
      });
      assert.equal((instructions as unknown[]).length, 5);
      await debug.disconnect();
    }
    await session.end();
    await assertUntouched('busy');
  });

  test('counts hits, stops functions on conditions, and writes variables, registers and memory', async () => {
    const { session, adapter } = await attach(await guest('pliable'));
    {
      await using debug = new DapClient(adapter);
      await debug.attach({ functions: [{ name: 'on_timer', condition: 'ticks % 7 == 3' }] });
      await debug.event('stopped');
      assert.equal(Number(await debug.evaluate('ticks')) % 7, 3);
      await debug.request('setFunctionBreakpoints', {
        breakpoints: [{ name: 'on_timer', hitCondition: '>= 3' }],
      });
      const before = Number(await debug.evaluate('ticks'));
      await debug.request('continue', { threadId: 1 });
      await debug.event('stopped');
      assert.equal(
        Number(await debug.evaluate('ticks')) - before,
        3,
        'the hit at which it stands is not counted',
      );

      const { dataId } = await debug.request('dataBreakpointInfo', { name: 'seconds' });
      assert.notEqual(dataId, undefined);
      const address = /0x[0-9a-f]+/.exec(await debug.evaluate('&seconds'))?.[0];
      const data = Buffer.from([41, 0, 0, 0]).toString('base64');
      await debug.request('writeMemory', { memoryReference: address, data });
      assert.equal(await debug.evaluate('seconds'), '41');

      const [top] = await debug.stack();
      const { scopes } = await debug.request('scopes', { frameId: top?.id });
      const registers = (scopes as { name: string; variablesReference: number }[]).find(
        ({ name }) => name === 'Registers',
      );
      const { variablesReference } = registers ?? {};
      await debug.request('setVariable', { variablesReference, name: 'ecx', value: '0x1234' });
      const { variables } = await debug.request('variables', { variablesReference });
      const ecx = (variables as { name: string; value: string }[]).find(({ name }) => name === 'ecx');
      assert.equal(Number(ecx?.value), 0x1234);
      assert.match(await bench.monitor('pliable', 'info registers'), /ECX=00001234/);
      await debug.disconnect();
    }
    await session.end();
    await assertUntouched('pliable');
  });

  test('is done to two guests at once, each by itself', async () => {
    const started = [await attach(await guest('one')), await attach(await guest('two'))] as const;
    const stand = () =>
      Promise.all(
        ['one', 'two'].map(async (name) => (await bench.monitor(name, 'info status')).includes('paused')),
      );
    {
      await using one = new DapClient(started[0].adapter);
      await using two = new DapClient(started[1].adapter);
      await one.attach({ functions: [{ name: 'on_timer' }] });
      await one.event('stopped');
      assert.deepEqual(await stand(), [true, false]);
      await two.attach({ functions: [{ name: 'on_timer' }] });
      await two.event('stopped');
      await one.request('setFunctionBreakpoints', { breakpoints: [] });
      await one.request('continue', { threadId: 1 });
      assert.deepEqual(await stand(), [false, true]);
      await Promise.all([one.disconnect(), two.disconnect()]);
    }
    await Promise.all(started.map(({ session }) => session.end()));
    await assertUntouched('one');
    await assertUntouched('two');
  });

  test('refuses symbols of something else, before it touches the guest', async () => {
    await guest('victim');
    const other = join(bench.daemon.folder, 'other.elf');
    const source = join(bench.daemon.folder, 'other.s');
    await writeFile(source, '.globl _start\n_start: nop\nnop\nnop\nhlt\n');
    const link = [
      '-m32',
      '-nostdlib',
      '-static',
      '-Wl,-Ttext=0x100000',
      '-Wl,--build-id=none',
      '-o',
      other,
      source,
    ];
    await execa('gcc', link);
    await refused(
      attach('victim', { program: other }),
      'symbols',
      /not of the program in the guest.*0x100000.*checkSymbols/,
    );
    await refused(attach('victim', { program: source }), 'symbols', /not an ELF file/);
    await refused(
      attach('victim', { program: '/nowhere.elf' }),
      'symbols',
      /no file \/nowhere\.elf.*Build it/,
    );
    await execa('strip', [other]);
    await refused(attach('victim', { program: other }), 'symbols', /stripped/);
    await assertUntouched('victim');
  });

  test('refuses what cannot be debugged here: no gdb, another architecture, a guest that is off', async () => {
    await guest('plain');
    await refused(attach('plain', { gdb: '/nowhere/gdb' }), 'no-gdb', /\/nowhere\/gdb cannot be run/);
    await refused(attach('plain', { program: '/bin/true' }), 'symbols', /stripped|not of what/);
    const arm = join(bench.daemon.folder, 'arm.elf');
    await writeFile(`${arm}.s`, '.globl _start\n_start: nop\n');
    await execa('aarch64-linux-gnu-as', ['-o', arm, `${arm}.s`]);
    await refused(attach('plain', { program: arm }), 'architecture', /aarch64, but the guest is x86_64/);
    await bench.daemon.virsh('destroy', 'plain');
    await refused(attach('plain'), 'wrong-state', /not running.*launch/);
    await refused(attach('nobody'), 'no-domain', /“nobody”/);
    await refused(attach('plain', { host: 'moon' }), 'no-host', /“moon”.*lab/);
  });

  test('takes another port when one is busy, and stays away from another debugger', async () => {
    await guest('popular');
    const connection = await bench.connection();
    const domain = await connection.domains.lookupByName('popular');
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const stub = await switchOn(connection, domain, port);
    assert.equal(stub.port, port + 1);
    server.close();
    const other = await connection.dial({ port: stub.port }, AbortSignal.timeout(10_000));
    other.output.write('+$?#3f');
    await eventually('it stops', async () =>
      (await bench.monitor('popular', 'info status')).includes('paused'),
    );
    await refused(attach('popular'), 'stub', /Another debugger/);
    other.close();
    await eventually('it is free', async () =>
      (await bench.monitor('popular', 'info chardev')).includes('disconnected:tcp'),
    );
    await switchOff(connection, domain, stub);
    await bench.monitor('popular', 'cont');
    await assertUntouched('popular');
  });

  test('replaces a stub that nobody uses and no debugger here gets to', async () => {
    await guest('used');
    const socket = `kvm-workbench-stub-${process.pid},abstract=on`;
    assert.match(
      await bench.monitor('used', `gdbserver unix:${socket},server=on,wait=off`),
      /Waiting for gdb/,
    );
    const { session, adapter } = await attach('used');
    {
      await using debug = new DapClient(adapter);
      await debug.attach({ file: MAIN, lines: [{ line: COUNT }] });
      await debug.event('stopped');
      await debug.disconnect();
    }
    await session.end();
    await assertUntouched('used');
  });

  test('ends cleanly when the guest goes away', async () => {
    const { session, adapter } = await attach(await guest('mayfly'));
    {
      await using debug = new DapClient(adapter);
      await debug.attach({ file: MAIN, lines: [{ line: COUNT }] });
      await debug.event('stopped');
      await debug.request('continue', { threadId: 1 });
      await bench.daemon.virsh('destroy', 'mayfly');
      await debug.event('terminated');
    }
    await session.end();
    assert.deepEqual(await readdir(bench.folder), []);
  });

  test('ends cleanly when gdb loses the guest before libvirt knows that it is gone', async () => {
    await bench.daemon.defineTinyOs('brittle');
    // libvirt is the slower one most of the times.
    for (let times = 0; times < 3; times++) {
      await bench.daemon.virsh('start', 'brittle');
      const { session, adapter } = await attach('brittle');
      await using debug = new DapClient(adapter);
      await debug.attach();
      const destroyed = bench.daemon.virsh('destroy', 'brittle');
      await debug.event('terminated');
      assert.equal(await session.end(), false);
      await destroyed;
      assert.deepEqual(await readdir(bench.folder), []);
    }
  });

  test('is undone after the death of an editor that had breakpoints in a running guest', async () => {
    await guest('orphan');
    const editor = fork(join(import.meta.dirname, 'doomed-editor.ts'), [
      bench.daemon.uri,
      bench.folder,
      'orphan',
      'count',
    ]);
    const adapter = Number((await once(editor, 'message'))[0]);
    assert.deepEqual(await bench.notes.orphans(), [], 'it lives, and the session is its own');
    editor.kill('SIGKILL');
    await once(editor, 'exit');
    await eventually('its debug adapter ends with it', async () => (await processStart(adapter)) === '');
    const [orphan] = await bench.notes.orphans();
    assert.ok(orphan);
    assert.match(
      await cleanUp(await bench.connection(), orphan, bench.notes),
      /switched off, and is running/,
    );
    await assertUntouched('orphan');
    // A breakpoint that was left would stop it at the next tick.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await assertUntouched('orphan');
  });
});
