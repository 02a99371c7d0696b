import { appendFile, copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readConfiguration } from '../../../src/engines/gdb/configuration.ts';
import { SessionNotes } from '../../../src/engines/gdb/sessions/notes.ts';
import { start } from '../../../src/engines/gdb/sessions/start.ts';
import { Inventory } from '../../../src/model/inventory/inventory.ts';
import { DapClient } from '../../../test/support/dap-client.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { cpio, PROGRAM } from '../../../test/support/linux-guest/cpio.ts';
import { linuxGuestXml, linuxKernelFor } from '../../../test/support/linux-guest.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../test/support/private-daemon.ts';
import { buildExtension } from '../bundle.ts';
import { extras, requirements } from '../requirements.ts';
import { step } from '../steps.ts';
import { ensureSystemPackages } from '../system-packages.ts';
import { check } from './check.ts';
import { debugKernel } from './debug-kernel.ts';

const NAME = 'busy-kernel';
const LOGGED_MS = 5000;
/** An emulated guest on a busy machine. */
const PATIENCE_MS = 120_000;

/** Where a kernel keeps its table of interrupts once it is there for good. */
const IN_CPU_ENTRY_AREA = /^IDT=\s+fffffe/m;

/** Opens files all the time, so that breakpoints are reached at once. */
const BUSY = `#!/bin/busybox sh
/bin/busybox mkdir -p /proc /dev
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t devtmpfs devtmpfs /dev
while :; do cat /proc/version >/dev/null; done
`;

type Variables = readonly {
  readonly name: string;
  readonly value: string;
  readonly variablesReference: number;
}[];

/** Tries the debugger on Debian's kernel, with its symbols, moved by KASLR, on two vCPUs, and prints how fast it is. */
export async function tryKernel(yes: boolean | undefined): Promise<number> {
  await ensureSystemPackages([...requirements.libvirt, extras.gdb], yes);
  const kernel = await step('Debian’s kernel with its symbols (300 MB when new)', debugKernel);
  await step('the debug adapter', buildExtension);
  await using daemon = await startPrivateDaemon();
  const booted = join(daemon.folder, 'vmlinuz-debug');
  await copyFile(kernel.vmlinuz, booted);
  await step('a busy guest', () => boot(daemon, booted));
  const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-kernel-'));
  const inventory = new Inventory();
  try {
    inventory.setHosts([{ name: 'lab', uri: daemon.uri, origin: 'configured' }]);
    const open = () =>
      start(readConfiguration({ type: 'kvm', request: 'attach', domain: NAME, vmlinux: kernel.vmlinux }), {
        inventory,
        notes: new SessionNotes(folder),
        workspace: undefined,
        gdb: undefined,
        onError: (error) => console.error(error),
        scriptFor: () => Promise.resolve(undefined),
        beforeRun: () => Promise.resolve(),
      });
    const trial = async () => {
      const began = performance.now();
      const { session, adapter, symbols } = await open();
      check(symbols.offset !== 0n, 'KASLR did not move the kernel');
      await using debug = new DapClient(adapter, PATIENCE_MS);
      await debug.attach({ functions: [{ name: 'do_sys_openat2' }] });
      const { threadId } = await debug.event('stopped');
      const attached = performance.now() - began;
      const figures = await look(debug, Number(threadId));
      await debug.disconnect();
      await session.end();
      return { attached_ms: attached, ...figures };
    };
    await step('a first session, which makes the index', trial);
    const figures = await step('a session', trial);
    for (const [name, value] of Object.entries(figures))
      console.log(`${name.padEnd(20)} ${Math.round(value)}`);
    return 0;
  } finally {
    inventory.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

async function boot(daemon: PrivateDaemon, kernel: string): Promise<void> {
  const { initrd } = await linuxKernelFor(daemon);
  const busy = join(daemon.folder, 'busy-initrd');
  await copyFile(initrd, busy);
  await appendFile(busy, cpio([{ path: 'busy', mode: PROGRAM, data: Buffer.from(BUSY) }]));
  const guest = { name: NAME, memoryMiB: 256, commandLine: 'rdinit=/busy' };
  const xml = linuxGuestXml(guest, { kernel, initrd: busy }).replace('<vcpu>1<', '<vcpu>2<');
  await daemon.define(xml);
  await daemon.virsh('start', NAME);
  await eventually(
    'the kernel has its interrupts set up',
    async () =>
      IN_CPU_ENTRY_AREA.test(await daemon.virsh('qemu-monitor-command', NAME, '--hmp', 'info registers')),
    PATIENCE_MS,
  );
}

async function look(debug: DapClient, vcpu: number): Promise<Readonly<Record<string, number>>> {
  const [top, ...callers] = await debug.stack(vcpu);
  check(top?.name === 'do_sys_openat2' && callers.length > 1, 'the stack is not whole');
  check(top?.source?.path?.startsWith('/') === true, 'a frame has no whole path');
  const { scopes } = await debug.request('scopes', { frameId: top?.id });
  const [local] = scopes as readonly { readonly variablesReference: number }[];
  const [locals_ms] = await timed(() => variables(debug, local?.variablesReference));
  const task = '*(struct task_struct **)($gs_base + (unsigned long)&current_task)';
  const [widespread_ms, current] = await timed(() => evaluate(debug, task, top?.id));
  const fields = await variables(debug, current.variablesReference);
  const comm = fields.find(({ name }) => name === 'comm');
  check(/^"(cat|busy|sh)/.test(comm?.value ?? ''), `the current task is ${comm?.value}`);
  await refused(debug, 'current_task', /Cannot access memory/);
  await refused(debug, 'nobody_knows_this', /No symbol "nobody_knows_this" in current context/);
  check((await evaluate(debug, '(struct file *)0', top?.id)).result === '0x0', 'NULL has a symbol');
  await debug.evaluate(String.raw`>printf "%s\n", linux_banner`);
  await eventually('the banner is printed', () =>
    Promise.resolve(debug.output.some((line) => line.startsWith('Linux version '))),
  );
  return {
    locals_ms,
    widespread_ms,
    fields: fields.length,
    ...(await logPoints(debug, top?.source?.path, top?.line)),
  };
}

/** A busy log point, paused, and changed beside. */
async function logPoints(
  debug: DapClient,
  path: string | undefined,
  line: number | undefined,
): Promise<Readonly<Record<string, number>>> {
  check(path !== undefined && line !== undefined, 'the frame has no line');
  await debug.request('setFunctionBreakpoints', { breakpoints: [] });
  // As gdb names the file: nobody has the sources here.
  const file = (path ?? '').replace(/^.*\/(?=fs\/)/, '');
  const log = { line, logMessage: 'opened {filename}' };
  const [made] = await debug.setBreakpoints(file, [log]);
  check(made?.verified === true, `the log point: ${made?.message}`);
  const count = () => debug.output.filter((text) => text.startsWith('opened ')).length;
  await debug.request('continue', { threadId: 1 });
  const before = count();
  await delay(LOGGED_MS);
  const hits = count() - before;
  const [changed_ms] = await timed(() => debug.setBreakpoints(file, [log, { line, condition: '0' }]));
  const [pause_ms] = await timed(async () => {
    await debug.request('pause', { threadId: 1 });
    await debug.event('stopped', ({ reason }) => reason === 'pause');
  });
  return { log_points_per_s: (hits * 1000) / LOGGED_MS, changed_ms, pause_ms };
}

async function variables(debug: DapClient, variablesReference = 0): Promise<Variables> {
  return (await debug.request('variables', { variablesReference }))['variables'] as Variables;
}

async function evaluate(
  debug: DapClient,
  expression: string,
  frameId: number | undefined,
): Promise<{ readonly result: string; readonly variablesReference: number }> {
  const answer = await debug.request('evaluate', { expression, frameId, context: 'watch' });
  return answer as { result: string; variablesReference: number };
}

async function refused(debug: DapClient, expression: string, words: RegExp): Promise<void> {
  const answer = await debug.evaluate(expression).catch(String);
  check(words.test(answer), `${expression}: ${answer}`);
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [number, T]> {
  const began = performance.now();
  const result = await work();
  return [performance.now() - began, result];
}
