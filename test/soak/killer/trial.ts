import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { eventually } from '../../support/eventually.ts';
import { HangError } from '../support/hosts.ts';
import type { Interruption } from './interruption.ts';
import type { Operation, Places } from './scene.ts';
import type { World } from './world.ts';

const STEPS = pathToFileURL(join(import.meta.dirname, 'steps.ts')).href;
const CHILD = join(import.meta.dirname, 'operation-child.ts');
const HANG_MS = 90_000;
const ORPHANS_MS = 5000;
/** How a process ends for what nobody waited for. */
const UNHANDLED = 70;
/** What its programs have in their environment, too. */
const MARK = 'KVM_KILLER_MARK';

interface Ended {
  readonly wasKilled: boolean;
  readonly status: number | null;
  readonly complaint: string;
  /** In milliseconds, from when it was ready. */
  readonly took: number;
  readonly steps: readonly string[];
}

/** The steps of an operation that nobody interrupts, and how long it takes. Leaves nothing behind. */
export async function measure(
  world: World,
  operation: Operation,
): Promise<{ readonly steps: readonly string[]; readonly took: number }> {
  await using scene = world.scene();
  await operation.prepare?.(scene);
  const { steps, took, status, complaint } = await runChild(world.places, operation, {});
  assert.equal(status, 0, complaint);
  await operation.verify(scene);
  await operation.undo(scene);
  await world.assertUnchanged();
  await world.assertTidy();
  await world.removeStrays();
  return { steps, took };
}

/**
 * Interrupts an operation and looks what became of it, does it again to its end, and undoes it. Returns whether it was
 * interrupted: it may have ended before. @throws AssertionError, HangError
 */
export async function tryOnce(
  world: World,
  operation: Operation,
  interruption: Interruption,
  usualMs: number,
): Promise<boolean> {
  await prepare(world, operation);
  const told = { ...interruption, daemon: await world.daemonPid(), disk: world.places.disk };
  const ended = await runChild(world.places, operation, told, usualMs);
  assert.notEqual(ended.status, UNHANDLED, ended.complaint);
  await world.mend();
  await finish(world, operation);
  return interruption.kind === 'us'
    ? ended.wasKilled
    : interruption.step === undefined || ended.steps.length >= interruption.step;
}

/**
 * Two windows do the same, in one workspace or in two. Returns what those complain about that did not get to its end.
 * @throws AssertionError when it cannot be done to its end then
 */
export async function tryTwo(
  world: World,
  operation: Operation,
  other: Places = world.places,
): Promise<readonly string[]> {
  await prepare(world, operation);
  const ended = await Promise.all([runChild(world.places, operation, {}), runChild(other, operation, {})]);
  for (const { status, complaint } of ended) assert.notEqual(status, UNHANDLED, complaint);
  if (other.workspace !== world.places.workspace) {
    await using scene = world.scene(other);
    await operation.verify(scene);
    await operation.undo(scene);
  }
  await finish(world, operation);
  return ended.filter(({ status }) => status !== 0).map(({ complaint }) => complaint);
}

async function prepare(world: World, operation: Operation): Promise<void> {
  await using scene = world.scene();
  await operation.prepare?.(scene);
}

/** Whatever became of it, it can be done to its end, and undone, and nothing else is touched. */
async function finish(world: World, operation: Operation): Promise<void> {
  await using scene = world.scene();
  await world.assertUnchanged();
  await operation.inspect?.(scene);
  await operation.run(scene);
  await operation.verify(scene);
  await operation.undo(scene);
  await world.assertUnchanged();
  await world.assertTidy();
  await world.removeStrays();
}

async function runChild(
  places: Places,
  operation: Operation,
  interruption: Partial<Interruption>,
  usualMs = 0,
): Promise<Ended> {
  const mark = randomUUID();
  const options = ['--import', STEPS, CHILD, operation.name, JSON.stringify(places)];
  const child = spawn(process.execPath, options, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, KVM_KILLER: JSON.stringify(interruption), [MARK]: mark },
  });
  const said = { out: '', err: '' };
  const ready = Promise.withResolvers<void>();
  child.stdout.on('data', (text: Buffer) => {
    said.out += text.toString();
    if (said.out.includes('ready\n')) ready.resolve();
  });
  child.stderr.on('data', (text: Buffer) => (said.err += text.toString()));
  const end = once(child, 'close').then(() => performance.now());
  const late = setTimeout(() => child.kill('SIGABRT'), HANG_MS);
  await Promise.race([ready.promise, end]);
  const began = performance.now();
  const moment =
    interruption.after === undefined ? undefined : disturb(child, interruption, interruption.after * usualMs);
  const took = (await end) - began;
  clearTimeout(late);
  await moment;
  if (child.signalCode === 'SIGABRT') throw new HangError(`${operation.name}: ${said.err}`);
  await eventually('its programs have ended', async () => (await marked(mark)).length === 0, ORPHANS_MS);
  return {
    wasKilled: child.signalCode === 'SIGKILL',
    status: child.exitCode,
    complaint: said.err.trim(),
    took,
    steps: stepsIn(said.out),
  };
}

async function disturb(
  child: { kill(signal: NodeJS.Signals): boolean },
  { kind, daemon }: Partial<Interruption>,
  afterMs: number,
): Promise<void> {
  await sleep(afterMs);
  if (kind === 'us') child.kill('SIGKILL');
  if (kind === 'daemon' && daemon !== undefined) process.kill(daemon, 'SIGKILL');
}

function stepsIn(output: string): readonly string[] {
  const line = output.trim().split('\n').at(-1) ?? '';
  return line.startsWith('{"steps"') ? (JSON.parse(line) as { steps: string[] }).steps : [];
}

/** The processes that were started by the one with this mark, and by those that it started. */
async function marked(mark: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/u.test(name))) {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    if (environment.includes(`${MARK}=${mark}`)) found.push(pid);
  }
  return found;
}
