import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { inspect } from 'node:util';
import { out } from '../../../scripts/lib/paths.ts';
import { Random } from '../fuzz/random.ts';
import { HangError, within } from '../support/hosts.ts';
import { agents } from './kinds/agents.ts';
import { files } from './kinds/files.ts';
import { images } from './kinds/images.ts';
import { notices } from './kinds/notices.ts';
import { rpc } from './kinds/rpc.ts';
import { stubs } from './kinds/stubs.ts';
import { terminals } from './kinds/terminals.ts';
import { xml } from './kinds/xml.ts';
import type { Desk, Kind } from './kind.ts';

/** Everything that others say, by its sort. */
export const kinds: readonly Kind[] = [
  ...agents,
  ...stubs,
  ...images,
  ...terminals,
  ...files,
  ...xml,
  ...rpc,
  ...notices,
];

export interface HostileOptions {
  readonly seed: number;
  /** How many inputs in all. */
  readonly inputs: number;
  /** Only of this sort. */
  readonly kind?: string | undefined;
  /** Only this one of them, from 0. */
  readonly index?: number | undefined;
}

const MIB = 1024 * 1024;
/** What one input may keep the processor busy, and what the heap may have grown by in the end. */
const BUSY_MAX_MS = 1000;
const GROWTH_MAX = 32 * MIB;
const HANG_MS = 30_000;
/** Files outside are looked at after so many inputs. */
const LOOK_AFTER = 1000;

/** A folder to work in, beside one that nobody may touch, with the process at home in a third. */
class Sandbox implements AsyncDisposable {
  readonly desk: Desk;
  readonly #root: string;
  readonly #before = { home: process.env['HOME'], folder: process.cwd() };
  #seen = '';

  private constructor(root: string) {
    this.#root = root;
    this.desk = { folder: join(root, 'desk') };
  }

  static async open(): Promise<Sandbox> {
    const sandbox = new Sandbox(await mkdtemp(join(tmpdir(), 'kvm-hostile-')));
    const near = (...names: readonly string[]) => join(sandbox.#root, ...names);
    for (const name of ['desk', 'home/.ssh', 'here', 'outside/deep'])
      await mkdir(near(name), { recursive: true });
    for (const name of ['home/.ssh/config', 'outside/secret', 'outside/deep/secret'])
      await writeFile(near(name), `what stands in ${name}`);
    process.env['HOME'] = near('home');
    process.chdir(near('here'));
    sandbox.#seen = await sandbox.#look();
    return sandbox;
  }

  /** @throws Error when there is anything else outside of the desk than there was */
  async check(): Promise<void> {
    const now = await this.#look();
    if (now !== this.#seen) throw new Error(`Files were touched outside: ${now} instead of ${this.#seen}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.chdir(this.#before.folder);
    process.env['HOME'] = this.#before.home;
    await rm(this.#root, { recursive: true });
  }

  async #look(): Promise<string> {
    const lines: string[] = [];
    for (const folder of ['home', 'here', 'outside'])
      for (const entry of await readdir(join(this.#root, folder), { withFileTypes: true, recursive: true })) {
        const path = join(entry.parentPath, entry.name);
        const hash = entry.isFile()
          ? createHash('sha256')
              .update(await readFile(path))
              .digest('hex')
          : '';
        lines.push(`${relative(this.#root, path)} ${hash}`);
      }
    return lines.toSorted().join(', ');
  }
}

/** Thrown for an input with which something does not hold; it says how to have it again. */
class InputError extends Error {
  override readonly name = 'InputError';
}

/** Each input has a seed of its own, so that it can be had again without the others. */
function randomFor(kind: Kind, seed: number, index: number): Random {
  const digest = createHash('sha256').update(`${kind.name} ${seed} ${index}`).digest();
  return new Random(digest.readUInt32BE());
}

/** Tries one input. @throws InputError */
async function attempt(kind: Kind, seed: number, index: number, desk: Desk): Promise<void> {
  let input = Buffer.alloc(0);
  const before = process.threadCpuUsage();
  try {
    await within(
      kind.attempt(randomFor(kind, seed, index), (made) => (input = Buffer.from(made)), desk),
      kind.name,
      HANG_MS,
    );
    const { user, system } = process.threadCpuUsage(before);
    const busyMs = (user + system) / 1000;
    if (busyMs > BUSY_MAX_MS) throw new HangError(`it took ${busyMs.toFixed(0)} ms`);
  } catch (cause) {
    const folder = join(out, 'soak');
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${kind.name.replaceAll(' ', '-')}-${seed}-${index}`);
    await writeFile(path, input);
    throw new InputError(
      `${kind.name}: ${path}; again: npm run soak -- hostile --kind '${kind.name}' --seed ${seed} --index ${index}`,
      { cause },
    );
  }
}

/** Tries so many inputs of a kind from the seed on. Returns what went wrong. */
export async function tryKind(
  kind: Kind,
  inputs: number,
  seed: number,
  first = 0,
): Promise<readonly Error[]> {
  const failures: Error[] = [];
  await using sandbox = await Sandbox.open();
  for (let index = first; index < first + inputs; index += 1) {
    await attempt(kind, seed, index, sandbox.desk).catch((error: unknown) => failures.push(error as Error));
    if ((index + 1) % LOOK_AFTER === 0) await sandbox.check();
  }
  await sandbox.check();
  return failures;
}

function usedHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

const TOLD = 5;

/** Says everything that could be said, prints what came of it, and returns the exit code. */
export async function hostile({ seed, inputs, kind: only, index }: HostileOptions): Promise<number> {
  const chosen = only === undefined ? kinds : kinds.filter(({ name }) => name === only);
  if (chosen.length === 0)
    throw new Error(`There is no “${only ?? ''}”: ${kinds.map(({ name }) => name).join(', ')}`);
  const shares = kinds.reduce((sum, { share }) => sum + share, 0);
  let [all, failed] = [0, 0];
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', onUnhandled);
  for (const kind of chosen) {
    const count = index === undefined ? Math.ceil((inputs * kind.share) / shares) : 1;
    // What is loaded once is loaded by the first.
    await tryKind(kind, Math.min(20, count), seed, index);
    const [before, started] = [usedHeap(), performance.now()];
    const failures = await tryKind(kind, count, seed, index);
    const grown = usedHeap() - before;
    if (grown > GROWTH_MAX) failed += 1;
    failed += failures.length;
    all += count;
    for (const failure of failures.slice(0, TOLD)) console.log(`✗ ${inspect(failure)}`);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const heap = `${(grown / MIB).toFixed(1)} MiB`;
    console.log(
      `${kind.name.padEnd(32)} ${String(count).padStart(7)} inputs  ${seconds.padStart(6)} s  ${heap.padStart(9)}  ${failures.length} failures`,
    );
  }
  process.off('unhandledRejection', onUnhandled);
  for (const reason of unhandled) console.log(`✗ unhandled: ${inspect(reason)}`);
  console.log(`${all} inputs with the seed ${seed}: ${failed + unhandled.length} failures`);
  return failed + unhandled.length === 0 ? 0 : 1;
}
