import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { readConfiguration } from '../../src/engines/gdb/configuration.ts';
import { SessionNotes } from '../../src/engines/gdb/sessions/notes.ts';
import { start, type StartParts } from '../../src/engines/gdb/sessions/start.ts';
import { Inventory } from '../../src/model/inventory/inventory.ts';
import { buildExtension } from '../../scripts/lib/bundle.ts';
import { DapClient } from '../support/dap-client.ts';
import { freePort } from '../support/free-port.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../support/private-daemon.ts';
import { tinyOsXml } from '../support/tiny-os.ts';
import { median } from './tree/statistics.ts';
import type { BenchNeeds } from '../../scripts/lib/bench-needs.ts';
import { extras, requirements } from '../../scripts/lib/requirements.ts';

export const needs: BenchNeeds = {
  system: [...requirements.libvirt, ...requirements.tinyOs, extras.gdb],
};

const ROUNDS = 5;
const STEPS = 30;
/** Reached at once after the start, and ten times a second later: what is measured is no waiting for a tick. */
const BOOT_FUNCTION = 'main';
const TIMER_FUNCTION = 'on_timer';

interface Stand {
  readonly daemon: PrivateDaemon;
  readonly parts: StartParts;
  readonly elf: string;
  readonly folder: string;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** What F5 does, from the configuration to the stop at the breakpoint; then, untimed, its end. */
async function session(
  { parts }: Stand,
  configuration: object,
  breakpoint: string,
  atStop: (debug: DapClient) => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  const began = performance.now();
  const started = await start(readConfiguration({ type: 'kvm', ...configuration }), parts);
  await using debug = new DapClient(started.adapter);
  await debug.attach({ functions: [{ name: breakpoint }] });
  await debug.event('stopped');
  const took = performance.now() - began;
  await atStop(debug);
  await debug.disconnect();
  await started.session.end();
  return took;
}

/** By hand, as the documentation of QEMU and libvirt says: virsh and gdb, to the same stop. */
async function byHand({ daemon, elf, folder }: Stand, launch: boolean, breakpoint: string): Promise<number> {
  const port = String(await freePort());
  const name = launch ? 'by-hand' : 'tiny-os';
  const xml = join(folder, 'by-hand.xml');
  // The 32-bit machine that a launch makes for a 32-bit program, and that gdb understands without help.
  await writeFile(xml, tinyOsXml({ name, kernel: elf }).replace('arch="x86_64"', 'arch="i686"'));
  const took = await timed(async () => {
    if (launch) await daemon.virsh('create', '--paused', xml);
    await daemon.virsh('qemu-monitor-command', name, '--hmp', `gdbserver tcp:127.0.0.1:${port}`);
    const commands = [`target remote 127.0.0.1:${port}`, `break ${breakpoint}`, 'continue'];
    const { stdout } = await execa(
      'gdb',
      ['--batch', ...commands.flatMap((command) => ['--ex', command]), elf],
      { stdin: 'ignore' },
    );
    if (!stdout.includes(`Breakpoint 1, ${breakpoint}`)) throw new Error(`gdb did not stop:\n${stdout}`);
  });
  await daemon.virsh('qemu-monitor-command', name, '--hmp', 'gdbserver none');
  if (launch) await daemon.virsh('destroy', name);
  else await daemon.virsh('qemu-monitor-command', name, '--hmp', 'cont');
  return took;
}

async function stepTimes(debug: DapClient): Promise<number[]> {
  await debug.request('setFunctionBreakpoints', { breakpoints: [] });
  const times: number[] = [];
  for (let step = 0; step < STEPS; step++)
    times.push(
      await timed(async () => {
        await debug.request('stepIn', { threadId: 1 });
        await debug.event('stopped');
      }),
    );
  return times;
}

async function setUp(undo: AsyncDisposableStack): Promise<Stand> {
  await buildExtension(true);
  const daemon = undo.use(await startPrivateDaemon());
  const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-bench-'));
  undo.defer(() => rm(folder, { recursive: true }));
  const inventory = new Inventory();
  undo.defer(() => inventory.dispose());
  inventory.setHosts([{ name: 'bench', uri: daemon.uri, origin: 'configured' }]);
  await Promise.all(inventory.hosts.map((host) => host.connect()));
  const elf = await daemon.tinyOsElf();
  const guest = tinyOsXml({ name: 'tiny-os', kernel: elf }).replace('arch="x86_64"', 'arch="i686"');
  await daemon.define(guest);
  await daemon.virsh('start', 'tiny-os');
  const parts: StartParts = {
    inventory,
    notes: new SessionNotes(join(folder, 'notes')),
    workspace: undefined,
    gdb: undefined,
    onError: (error) => console.error(error),
    scriptFor: () => Promise.resolve(undefined),
    beforeRun: () => Promise.resolve(),
  };
  return { daemon, parts, elf, folder };
}

/**
 * From the start of a session to the stop at a breakpoint in tiny-os, through the debug adapter that VS Code uses;
 * a hand-run gdb does the same in turns with it.
 */
export async function run(): Promise<Record<string, number>> {
  await using undo = new AsyncDisposableStack();
  const stand = await setUp(undo);
  const times = {
    launch: [] as number[],
    attach: [] as number[],
    launchGdb: [] as number[],
    attachGdb: [] as number[],
  };
  const steps: number[] = [];
  const launch = { request: 'launch', name: 'bench', kernel: stand.elf, memory: 16, program: stand.elf };
  const attach = { request: 'attach', domain: 'tiny-os', program: stand.elf };
  for (let round = 0; round < ROUNDS; round++) {
    times.launchGdb.push(await byHand(stand, true, BOOT_FUNCTION));
    times.launch.push(await session(stand, launch, BOOT_FUNCTION));
    times.attachGdb.push(await byHand(stand, false, TIMER_FUNCTION));
    times.attach.push(
      await session(stand, attach, TIMER_FUNCTION, async (debug) => {
        if (round === 0) steps.push(...(await stepTimes(debug)));
      }),
    );
  }
  const launchMs = median(times.launch);
  const attachMs = median(times.attach);
  return {
    launch_to_breakpoint_ms: launchMs,
    attach_to_breakpoint_ms: attachMs,
    gdb_launch_ms: median(times.launchGdb),
    gdb_attach_ms: median(times.attachGdb),
    vs_gdb: Math.max(launchMs / median(times.launchGdb), attachMs / median(times.attachGdb)),
    step_p50_ms: median(steps),
  };
}
