import { inspect } from 'node:util';
import { Random } from '../fuzz/random.ts';
import { type Interruption, nameOf } from './interruption.ts';
import { operationNamed, operations, together } from './operations/table.ts';
import type { Operation } from './scene.ts';
import { measure, tryOnce, tryTwo } from './trial.ts';
import { World } from './world.ts';

export interface KillerOptions {
  /** How often something is killed, or its disk is full, in all. */
  readonly kills: number;
  readonly seed: number;
  /** Only this one. */
  readonly operation?: string | undefined;
  /** Only before this one of its steps. */
  readonly step?: number | undefined;
  readonly kind?: string | undefined;
  /** How many pairs of windows do the same. */
  readonly pairs: number;
}

interface Trial {
  readonly operation: Operation;
  readonly interruption: Interruption;
}

interface Measured {
  readonly operation: Operation;
  readonly steps: readonly string[];
  readonly took: number;
}

const KINDS = ['us', 'daemon', 'disk', 'race'] as const;

/** What became of each operation, by the kind of its end. */
class Outcomes {
  readonly #cells = new Map<string, { done: number; failed: number }>();
  failures = 0;
  kills = 0;

  add(operation: string, kind: string, failed: boolean): void {
    const cell = this.#cells.get(`${operation}\0${kind}`) ?? { done: 0, failed: 0 };
    this.#cells.set(`${operation}\0${kind}`, cell);
    cell.done += 1;
    if (kind !== 'race') this.kills += 1;
    if (!failed) return;
    cell.failed += 1;
    this.failures += 1;
  }

  print(measured: readonly Measured[]): void {
    const width = Math.max(...measured.map(({ operation }) => operation.name.length));
    console.log(
      ['operation'.padEnd(width), 'steps', ...['killed', 'daemon', 'full', 'two'].map(cellOf)].join('  '),
    );
    for (const { operation, steps } of measured) {
      const cells = KINDS.map((kind) => {
        const cell = this.#cells.get(`${operation.name}\0${kind}`);
        if (cell === undefined) return cellOf('-');
        return cellOf(cell.failed === 0 ? String(cell.done) : `${cell.failed} of ${cell.done} ✗`);
      });
      console.log([operation.name.padEnd(width), String(steps.length).padStart(5), ...cells].join('  '));
    }
  }
}

function cellOf(text: string): string {
  return text.padStart(11);
}

/** Ends every operation at each of its steps and at any moment. Prints what came of it, and returns the exit code. */
export async function killer(options: KillerOptions): Promise<number> {
  const started = performance.now();
  await using world = await World.open();
  const chosen = options.operation === undefined ? operations : [operationNamed(options.operation)];
  const measured: Measured[] = [];
  for (const operation of chosen) {
    const found = await measure(world, operation);
    measured.push({ operation, ...found });
    console.log(`  ${operation.name}: ${found.steps.length} steps, ${found.took.toFixed(0)} ms`);
  }
  const trials = choose(measured, options);
  const outcomes = new Outcomes();
  let isOver = false;
  // Whoever is tired of it sees what came of it so far, and nothing stays mounted.
  const end = () => (isOver = true);
  process.once('SIGINT', end).once('SIGTERM', end);
  for (const trial of trials) {
    if (isOver) break;
    await oneTrial(world, trial, measured, outcomes);
    const count = outcomes.kills;
    if (count % 25 === 0 && trial.interruption.kind !== 'race')
      console.log(`… ${count} of ${options.kills} kills, ${outcomes.failures} failures`);
  }
  outcomes.print(measured);
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  console.log(
    `${outcomes.kills} kills with the seed ${options.seed} in ${minutes} min: ${outcomes.failures} failures`,
  );
  return outcomes.failures === 0 ? 0 : 1;
}

/** Two windows bring guests up so many times: in one workspace, and in two with one base image. Both get there. */
export async function windows(pairs: number): Promise<number> {
  await using world = await World.open();
  const other = { ...world.places, workspace: 'other-workspace' } as const;
  let failures = 0;
  for (const operation of together) {
    for (const [where, places] of [
      ['one workspace', world.places],
      ['two workspaces', other],
    ] as const) {
      let done = 0;
      for (let pair = 0; pair < pairs; pair += 1)
        try {
          const complaints = await tryTwo(world, operation, places);
          for (const complaint of complaints) console.log(`✗ ${operation.name}, ${where}: ${complaint}`);
          if (complaints.length === 0) done += 1;
        } catch (error) {
          console.log(`✗ ${operation.name}, ${where}: ${inspect(error)}`);
          await world.reset();
        }
      failures += pairs - done;
      console.log(`${operation.name}, ${where}: ${done} of ${pairs} pairs`);
    }
  }
  return failures === 0 ? 0 : 1;
}

async function oneTrial(
  world: World,
  { operation, interruption }: Trial,
  measured: readonly Measured[],
  outcomes: Outcomes,
): Promise<void> {
  const { name } = operation;
  const { took = 0, steps = [] } = measured.find((each) => each.operation === operation) ?? {};
  try {
    if (interruption.kind === 'race') {
      const complaints = await tryTwo(world, operation);
      for (const complaint of complaints) console.log(`! two at once: ${name}: ${complaint}`);
      outcomes.add(name, 'race', complaints.length > 0 && operation.isOnce !== true);
      return;
    }
    const wasInterrupted = await tryOnce(world, operation, interruption, took);
    // It may have been done a moment before.
    if (wasInterrupted || interruption.step === undefined) outcomes.add(name, interruption.kind, false);
  } catch (error) {
    outcomes.add(name, interruption.kind, true);
    const step = interruption.step === undefined ? '' : ` (${steps[interruption.step - 1] ?? ''})`;
    console.log(`✗ ${name}: ${nameOf(interruption)}${step}: ${inspect(error)}`);
    await world.reset();
  }
}

/** As many for each operation. */
function choose(measured: readonly Measured[], options: KillerOptions): readonly Trial[] {
  const random = new Random(options.seed);
  if (options.step !== undefined) {
    const kind = KINDS.find((each) => each === options.kind) ?? 'us';
    return measured.map(({ operation }) => ({ operation, interruption: { kind, step: options.step ?? 1 } }));
  }
  const share = Math.ceil(options.kills / measured.length);
  const kills = measured.flatMap((each) =>
    shuffled(killsOf(each, share, options.kind, random), random).slice(0, share),
  );
  const races = measured.flatMap(({ operation }) =>
    Array.from({ length: options.pairs }, (): Trial => ({ operation, interruption: { kind: 'race' } })),
  );
  const wanted = options.kind === undefined || options.kind === 'race' ? races : [];
  return [...shuffled(kills, random).slice(0, options.kills), ...wanted];
}

/** Some of its steps, all if there are so few, and for the rest moments between them: a fifth at least. */
function killsOf(
  { operation, steps }: Measured,
  count: number,
  only: string | undefined,
  random: Random,
): readonly Trial[] {
  const kinds = kindsFor(operation).filter((kind) => only === undefined || kind === only);
  const atSteps = steps.flatMap((_, index) =>
    kinds.map((kind): Trial => ({ operation, interruption: { kind, step: index + 1 } })),
  );
  const some = shuffled(atSteps, random).slice(0, Math.ceil(count * 0.8));
  const moments = kinds.filter((kind) => kind !== 'disk');
  if (moments.length === 0) return some;
  const inBetween = Array.from({ length: count - some.length }, (): Trial => {
    const interruption: Interruption = { kind: random.pick(moments), after: random.below(1000) / 1000 };
    return { operation, interruption };
  });
  return [...some, ...inBetween];
}

function kindsFor({ usesHost }: Operation): readonly ('us' | 'daemon' | 'disk')[] {
  return usesHost ? ['us', 'daemon', 'disk'] : ['us', 'disk'];
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => ({ item, at: random.uint() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
