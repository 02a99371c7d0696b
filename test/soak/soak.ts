import { inspect } from 'node:util';
import { execa } from 'execa';
import { startSshServer } from '../integration/support/ssh-server.ts';
import { usedHeap } from '../support/heap.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../support/private-daemon.ts';
import { comeBackAlone, killUnderLoad, provideGuest, stopped } from './faults/daemon.ts';
import { comeBackLarge, flood, readAgain } from './faults/flood.ts';
import {
  anyOrder,
  cutMidFrame,
  delayed,
  flapping,
  garbage,
  neverAnswers,
  stalled,
} from './faults/network.ts';
import { type Scenario, sceneOf } from './faults/scenario.ts';
import { sshKilled } from './faults/ssh.ts';
import {
  diskFull,
  givenUp,
  killedWhileStreaming,
  readerStalls,
  streamCut,
  type StreamScene,
} from './faults/streams.ts';
import { fuzz, type FuzzTarget } from './fuzz/fuzz.ts';
import { DifferenceError, HangError } from './support/hosts.ts';
import type { LoopDelay } from './support/loop-watch.ts';
import { holdings, leaksSince, useOwnRuntimeFolder } from './support/leaks.ts';
import { provideVolume, SHORT_KEEPALIVE } from './support/volume.ts';

export interface SoakOptions {
  /** Goes on for so long instead of doing everything so many times. */
  readonly minutes: number | undefined;
  readonly seed: number;
}

/** One kind of fault: how many rounds, or inputs, go together, and how many there are in a whole soak. */
interface Part {
  readonly name: string;
  readonly batch: number;
  readonly whole: number;
  /** Does about `count` rounds; says how many they were when it is not that. */
  run(count: number, seed: number): Promise<number | void>;
}

class Figures {
  /** What was begun of each part, and what of it ended well. */
  readonly begun = new Map<string, number>();
  readonly done = new Map<string, number>();
  hangs = 0;
  differences = 0;
  leaks = 0;
  otherFailures = 0;
  /** What daemons left behind that ended although nobody ended them: libvirt has its own bugs. */
  readonly crashes: string[] = [];
  unhandled = 0;
  lateMs = 0;
  busyMs = 0;
  eventsPerSecond = 0;

  get failures(): number {
    return this.hangs + this.differences + this.leaks + this.otherFailures + this.unhandled;
  }

  /** @throws Error when the event loop was blocked for too long. */
  delayed({ lateMs, busyMs }: LoopDelay): void {
    this.lateMs = Math.max(this.lateMs, lateMs);
    this.busyMs = Math.max(this.busyMs, busyMs);
    if (busyMs > BUSY_MAX_MS) throw new Error(`The event loop was blocked for ${busyMs.toFixed(0)} ms`);
  }

  fail(name: string, error: unknown): void {
    if (error instanceof HangError) this.hangs++;
    else if (error instanceof DifferenceError) this.differences++;
    else this.otherFailures++;
    console.log(`✗ ${name}: ${inspect(error)}`);
  }
}

const MIB = 1024 * 1024;
/** What our own work may keep the event loop from turning, and what the heap may have grown by in the end. */
const BUSY_MAX_MS = 50;
const GROWTH_MAX = 32 * MIB;
const STALL_MS = 20_000;

function repeated(action: (seed: number) => Promise<void>): Part['run'] {
  return async (count, seed) => {
    for (let round = 0; round < count; round++) await action(seed + round);
  };
}

function fuzzing(target: FuzzTarget, whole: number, batch = 50_000): Part {
  return {
    name: `fuzz: ${target}`,
    batch,
    whole,
    // Every case has a seed of its own; batches are far apart.
    run: (count, seed) => fuzz(target, count, seed * 1_000_003),
  };
}

interface Stage {
  readonly daemons: readonly PrivateDaemon[];
  readonly parts: readonly Part[];
}

async function setUp(figures: Figures, undo: AsyncDisposableStack): Promise<Stage> {
  const daemon = undo.use(await startPrivateDaemon());
  await provideGuest(daemon);
  const store = undo.use(await startPrivateDaemon({ settings: SHORT_KEEPALIVE }));
  const volume = await provideVolume(store, 16 * MIB);
  const server = undo.use(await startSshServer());

  const fault = (name: string, scenario: Scenario, batch: number, whole: number): Part => ({
    name,
    batch,
    whole,
    run: repeated((seed) => scenario(sceneOf(daemon, seed))),
  });
  const stream = (
    name: string,
    scenario: (scene: StreamScene) => Promise<void>,
    batch: number,
    whole: number,
  ): Part => ({
    name,
    batch,
    whole,
    run: repeated((seed) => scenario({ ...sceneOf(store, seed), volume })),
  });

  const parts: readonly Part[] = [
    fault('daemon killed under load', killUnderLoad, 10, 100),
    fault('daemon killed, comes back alone', comeBackAlone, 1, 10),
    fault('daemon stopped', stopped, 2, 20),
    fault('link cut in the middle of a frame', cutMidFrame, 20, 200),
    fault('link silent', stalled, 5, 50),
    fault('link slow and in pieces', delayed, 2, 20),
    fault('link of garbage', garbage, 5, 50),
    fault('link that comes and goes', flapping, 5, 50),
    fault('peer that never answers', neverAnswers, 5, 50),
    fault('replies and events in any order', anyOrder, 10, 200),
    {
      name: 'events',
      batch: 20_000,
      whole: 200_000,
      run: async (changes, seed) => {
        const measured = await flood(sceneOf(daemon, seed), { changes, domains: 50 });
        figures.eventsPerSecond = Math.max(figures.eventsPerSecond, measured.eventsPerSecond);
        figures.delayed(measured);
      },
    },
    {
      name: 'domains read again',
      batch: 10_000,
      whole: 50_000,
      run: async (count, seed) => figures.delayed(await readAgain(sceneOf(daemon, seed), count)),
    },
    {
      name: 'domains after coming back',
      batch: 10_000,
      whole: 20_000,
      run: async (count, seed) => figures.delayed(await comeBackLarge(sceneOf(daemon, seed), count)),
    },
    fault('ssh session killed', (scene) => sshKilled(scene, server, 'session'), 2, 20),
    fault('ssh master killed', (scene) => sshKilled(scene, server, 'master'), 2, 20),
    stream('disk full', diskFull, 5, 50),
    stream('stream cut', streamCut, 5, 50),
    stream('stream given up', givenUp, 5, 100),
    stream('daemon killed while it streams', killedWhileStreaming, 2, 20),
    stream('reader that stalls', (scene) => readerStalls(scene, STALL_MS), 1, 2),
    fuzzing('frames', 300_000),
    fuzzing('codecs', 400_000),
    fuzzing('connection', 300_000),
    // Each one is seen by QEMU, too.
    fuzzing('images', 10_000, 500),
    fuzzing('appliances', 10_000, 500),
  ];
  return { daemons: [daemon, store], parts };
}

/** Starts daemons that are gone, and says what is known of their end. */
async function revive(daemons: readonly PrivateDaemon[]): Promise<readonly string[]> {
  const ends: string[] = [];
  for (const daemon of daemons) {
    const end = await daemon.crash();
    if (end === undefined) continue;
    ends.push([end, ...(await kernelLines())].join('\n    '));
    await daemon.start();
  }
  return ends;
}

/** What the kernel says where a program broke, which names the library and the place in it. */
async function kernelLines(): Promise<readonly string[]> {
  const { stdout } = await execa('dmesg', { reject: false });
  return stdout
    .split('\n')
    .filter((line) => /libvirtd?\[\d+\].*(segfault|general protection|trap)/.test(line))
    .slice(-2);
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}

/** Says how many rounds went well: none of the batch when one did not. */
async function tryBatch(part: Part, seed: number, { daemons }: Stage, figures: Figures): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      return (await part.run(part.batch, seed)) ?? part.batch;
    } catch (error) {
      const crashes = await revive(daemons);
      for (const crash of crashes) {
        figures.crashes.push(crash);
        console.log(`! ${part.name}, from seed ${seed}: a daemon is gone: ${crash}`);
      }
      const isOurs = error instanceof HangError || error instanceof DifferenceError;
      if (crashes.length === 0 || isOurs || tries > 1) {
        figures.fail(`${part.name}, from seed ${seed}`, error);
        return 0;
      }
      // With a new one it has to go well.
      console.log(`! ${part.name}, from seed ${seed}: again, after ${String(error)}`);
    }
  }
}

async function runBatch(part: Part, seed: number, stage: Stage, figures: Figures): Promise<void> {
  const before = await holdings();
  const done = await tryBatch(part, seed, stage, figures);
  add(figures.begun, part.name, Math.max(done, part.batch));
  add(figures.done, part.name, done);
  const leaks = await leaksSince(before);
  figures.leaks += leaks.length;
  if (leaks.length > 0) console.log(`✗ ${part.name} leaves behind: ${leaks.join(', ')}`);
}

async function runAll(stage: Stage, { minutes, seed }: SoakOptions, figures: Figures): Promise<void> {
  const deadline = minutes === undefined ? Infinity : performance.now() + minutes * 60_000;
  const isOver = () => performance.now() > deadline;
  for (let cycle = 0; !isOver(); cycle++) {
    const due = stage.parts.filter(
      ({ name, whole }) => minutes !== undefined || (figures.begun.get(name) ?? 0) < whole,
    );
    if (due.length === 0) return;
    for (const part of due) {
      if (isOver()) return;
      await runBatch(part, seed + (figures.begun.get(part.name) ?? 0), stage, figures);
    }
    const done = [...figures.done.values()].reduce((sum, count) => sum + count, 0);
    console.log(`… cycle ${cycle + 1}: ${done} rounds and inputs, ${figures.failures} failures`);
  }
}

function inMib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

function print(figures: Figures, heap: { readonly before: number; readonly after: number }): void {
  const rows: [string, string | number][] = [
    ...[...figures.begun].map(([name, begun]): [string, string] => {
      const done = figures.done.get(name) ?? 0;
      return [name, done === begun ? String(done) : `${done} of ${begun}`];
    }),
    ['hangs', figures.hangs],
    ['leaks', figures.leaks],
    ['differences', figures.differences],
    ['other failures', figures.otherFailures],
    ['daemons that ended by themselves', figures.crashes.length],
    ['unhandled rejections', figures.unhandled],
    ['events a second', Math.round(figures.eventsPerSecond)],
    ['event loop blocked by us, at most', `${figures.busyMs.toFixed(1)} ms`],
    ['event loop late, at most', `${figures.lateMs.toFixed(1)} ms`],
    ['heap before', inMib(heap.before)],
    ['heap after', inMib(heap.after)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);
  for (const crash of figures.crashes) console.log(`a daemon that ended by itself: ${crash}`);
}

/** Causes every fault again and again, prints what came of it, and returns the exit code. */
export async function soak(options: SoakOptions): Promise<number> {
  const figures = new Figures();
  const onUnhandled = (reason: unknown) => {
    figures.unhandled++;
    console.log(`✗ unhandled: ${inspect(reason)}`);
  };
  process.on('unhandledRejection', onUnhandled);
  try {
    await using undo = new AsyncDisposableStack();
    undo.use(await useOwnRuntimeFolder());
    const stage = await setUp(figures, undo);
    // The first fuzzing loads what it needs once and for all.
    await fuzz('connection', 1000, options.seed);
    const before = usedHeap();
    await runAll(stage, options, figures);
    const after = usedHeap();
    print(figures, { before, after });
    return figures.failures === 0 && after - before < GROWTH_MAX ? 0 : 1;
  } finally {
    process.off('unhandledRejection', onUnhandled);
  }
}
