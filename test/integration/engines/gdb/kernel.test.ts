import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DapClient } from '../../../support/dap-client.ts';
import { eventually } from '../../../support/eventually.ts';
import { BUILT_IN, buildMovedKernel, MOVED_BY, movedKernelXml } from '../../../support/moved-kernel.ts';
import { useDebugBench } from './support.ts';

/** The lines of `task->count++` in work() and of rest(). */
const COUNTS = 25;
const RESTS = 29;

type Variables = readonly DebugProtocol.Variable[];

suite('A kernel that KASLR moved', () => {
  const bench = useDebugBench();
  let guests = 0;

  /** A session with a fresh guest; the guest goes with it. */
  async function withKernel(work: (debug: DapClient, vmlinux: string) => Promise<void>, more: object = {}) {
    const vmlinux = await buildMovedKernel(bench.daemon.folder);
    const name = `moved-${++guests}`;
    const connection = await bench.connection();
    const domain = await connection.domains.createXml(movedKernelXml(name, vmlinux));
    await eventually('it is in its upper half', async () =>
      /RIP=ffffffff83/.test(await bench.monitor(name, 'info registers')),
    );
    const { session, adapter, symbols } = await bench.start({
      type: 'kvm',
      request: 'attach',
      domain: name,
      vmlinux,
      ...more,
    });
    assert.equal(symbols.offset, MOVED_BY);
    {
      await using debug = new DapClient(adapter);
      await work(debug, vmlinux);
      await debug.disconnect();
    }
    await session.end();
    await connection.domains.destroy(domain);
  }

  async function variablesOf(debug: DapClient, variablesReference: number): Promise<Variables> {
    return (await debug.request('variables', { variablesReference }))['variables'] as Variables;
  }

  async function locals(debug: DapClient): Promise<Variables> {
    const [top] = await debug.stack();
    const { scopes } = await debug.request('scopes', { frameId: top?.id });
    const [local] = scopes as DebugProtocol.Scope[];
    return variablesOf(debug, local?.variablesReference ?? 0);
  }

  async function evaluated(
    debug: DapClient,
    expression: string,
  ): Promise<DebugProtocol.EvaluateResponse['body']> {
    const [top] = await debug.stack();
    const watch = { expression, frameId: top?.id, context: 'watch' };
    return (await debug.request('evaluate', watch)) as DebugProtocol.EvaluateResponse['body'];
  }

  test('has its per-CPU data at 0, and the rest where it was moved to', async () => {
    await withKernel(async (debug) => {
      await debug.attach({ functions: [{ name: 'work' }] });
      await debug.event('stopped');
      assert.match(
        await debug.evaluate('*(struct task **)($gs_base + (unsigned long)&current_task)'),
        /<idle>/,
      );
      assert.equal(await debug.evaluate('(long)&current_task'), '8');
      assert.equal(await debug.evaluate('(void *)&_text'), '0xffffffff83400000 <start>');
    });
  });

  test('shows values with gdb’s own words where there are none, and expressions that gdb understands', async () => {
    await withKernel(async (debug) => {
      await debug.attach({ functions: [{ name: 'work', condition: '$_streq(task->comm, "swapper/0")' }] });
      await debug.event('stopped');
      await debug.request('next', { threadId: 1 });
      await debug.event('stopped');
      const [task, nothing] = await locals(debug);
      assert.match(task?.value ?? '', /<idle>$/);
      assert.deepEqual([nothing?.name, nothing?.value], ['nothing', '0x0']);

      const cast = await evaluated(debug, '(struct task *)(unsigned long)task');
      const parts = await variablesOf(debug, cast.variablesReference);
      assert.deepEqual(
        parts.map(({ name }) => name),
        ['next', 'broken', 'comm', '<anonymous union>'],
      );
      const [next, broken, comm, union] = parts;
      assert.match(comm?.value ?? '', /^"swapper\/0/);
      for (const part of [next, broken, ...(await variablesOf(debug, union?.variablesReference ?? 0))]) {
        const { evaluateName = '', value } = part ?? {};
        assert.equal(
          (await evaluated(debug, evaluateName)).result,
          value,
          `${part?.name} is watched as ${evaluateName}`,
        );
      }
      const [gone] = await variablesOf(debug, broken?.variablesReference ?? 0);
      assert.match(gone?.value ?? '', /^<error: Cannot access memory at address 0x100000000000>$/);
      await assert.rejects(
        evaluated(debug, '*task->broken'),
        /Cannot access memory at address 0x100000000000/,
      );
      await assert.rejects(evaluated(debug, 'nobody'), /No symbol "nobody" in current context/);
      await assert.rejects(debug.evaluate('>print nobody'), /No symbol "nobody" in current context/);

      await debug.evaluate(String.raw`>printf "%s says \"%d\"\n", task->comm, 7`);
      await eventually('it is printed', () => Promise.resolve(debug.output.includes('swapper/0 says "7"\n')));

      const { variablesReference } = await evaluated(debug, 'idle');
      await debug.request('setVariable', { variablesReference, name: 'broken', value: '(int *)&idle' });
      assert.match(await debug.evaluate('idle.broken'), /<idle>/);
    });
  });

  test('logs without stopping, thousands of times, and is paused and changed meanwhile', async () => {
    await withKernel(async (debug, vmlinux) => {
      const file = join(vmlinux, '..', 'kernel', 'kernel.c');
      const log = [{ line: COUNTS, logMessage: 'round {rounds} of "{task->comm}", {nobody}' }];
      const logged = () => debug.output.filter((line) => line.startsWith('round ')).length;
      const [made] = await debug.attach({ file, lines: log });
      assert.equal(made?.verified, true, made?.message);
      await eventually('it has logged', () => Promise.resolve(logged() > 20));
      assert.match(
        debug.output.find((line) => line.startsWith('round ')) ?? '',
        /^round \d+ of ""swapper\/0.*"", \{No symbol "nobody" in current context\.\}\n$/,
      );
      for (let times = 0; times < 3; times++) {
        await debug.request('pause', { threadId: 1 });
        await debug.event('stopped', ({ reason }) => reason === 'pause');
        const before = logged();
        await delay(200);
        assert.equal(logged(), before, 'it stands still');
        await debug.request('continue', { threadId: 1 });
        await eventually('it logs again', () => Promise.resolve(logged() > before + 5));
      }
      // Breakpoints are changed beside it, and a pause that is asked for meanwhile is not forgotten.
      const changed = debug.setBreakpoints(file, [...log, { line: RESTS, condition: '0' }]);
      const paused = debug.request('pause', { threadId: 1 });
      assert.deepEqual(
        (await changed).map(({ verified }) => verified),
        [true, true],
      );
      await paused;
      await debug.event('stopped', ({ reason }) => reason === 'pause');

      // Of its hits, one.
      const counted = [
        { line: COUNTS, logMessage: 'counted {rounds}', hitCondition: '3', condition: 'task == &idle' },
      ];
      await debug.setBreakpoints(file, [...counted, { line: RESTS, hitCondition: '> 20' }]);
      await debug.request('continue', { threadId: 1 });
      await debug.event('stopped', ({ reason }) => reason === 'breakpoint');
      assert.equal(debug.output.filter((line) => line.startsWith('counted')).length, 1);
    });
  });

  test('says what changed at a data breakpoint', async () => {
    await withKernel(async (debug) => {
      await debug.attach({ functions: [{ name: 'work' }] });
      await debug.event('stopped');
      await debug.request('setFunctionBreakpoints', { breakpoints: [] });
      const { dataId } = await debug.request('dataBreakpointInfo', { name: 'rounds' });
      await debug.request('setDataBreakpoints', { breakpoints: [{ dataId, accessType: 'write' }] });
      await debug.request('continue', { threadId: 1 });
      const { text } = await debug.event('stopped', ({ reason }) => reason === 'data breakpoint');
      assert.match(String(text), /^rounds: \d+ → \d+$/);
    });
  });

  test('names the root of its sources, which is one for all, and what a map leads to', async () => {
    await withKernel(async (debug, vmlinux) => {
      await debug.attach({ functions: [{ name: 'work' }] });
      await debug.event('stopped');
      const [work] = await debug.stack();
      assert.equal(work?.source?.path, join(vmlinux, '..', BUILT_IN, 'kernel', 'kernel.c'), 'a whole path');
      const told = debug.output.filter((line) => line.includes('sourceFileMap'));
      assert.equal(told.length, 1);
      assert.match(told[0] ?? '', /\{ "debian\/build": "their folder here" \}/);
    });
    await withKernel(
      async (debug) => {
        await debug.attach({ functions: [{ name: 'work' }] });
        await debug.event('stopped');
        await debug.stack();
        assert.match(
          debug.output.join(''),
          /built from debian\/build\/kernel\/kernel\.c\. “sourceFileMap” leads to \/nowhere\/kernel\/kernel\.c/,
        );
      },
      { sourceFileMap: { [BUILT_IN]: '/nowhere' } },
    );
  });
});
