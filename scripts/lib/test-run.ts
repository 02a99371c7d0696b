import { inspect } from 'node:util';
import { ExecaError } from 'execa';
import type { TestEvent } from '../../test/support/test-event.ts';
import { CannotRunError } from './cannot-run.ts';
import type { Job } from './test-layers.ts';

/** How far a layer is. */
export interface Layer {
  readonly name: string;
  readonly events: readonly TestEvent[];
  /** The names of the jobs that are at it. */
  readonly running: ReadonlySet<string>;
}

type Work = () => Promise<void>;
/** Takes a line for whoever watches. */
type Say = (line: string) => void;

export function count(events: readonly TestEvent[], outcome: TestEvent['outcome']): number {
  return events.filter((event) => event.outcome === outcome).length;
}

export function summary(events: readonly TestEvent[]): string {
  const skipped = count(events, 'skipped');
  const text = `${count(events, 'passed')} passed, ${count(events, 'failed')} failed`;
  return skipped === 0 ? text : `${text}, ${skipped} skipped`;
}

/** A command's own words are enough; its fields only repeat them. */
function explain(error: unknown): string {
  return error instanceof ExecaError ? error.message : inspect(error);
}

/** What goes wrong beside the tests themselves is an event like any other. */
function eventOf(name: string, error: unknown): TestEvent {
  if (error instanceof CannotRunError) return { name, outcome: 'skipped', detail: error.message };
  return { name, outcome: 'failed', detail: explain(error) };
}

/** Every test goes to `report` as it ends, and so does a job that breaks or runs none. */
async function runJob({ name, run }: Job, report: (event: TestEvent) => void): Promise<void> {
  let ran = 0;
  const counted = (event: TestEvent) => {
    ran += 1;
    report(event);
  };
  try {
    await run(counted);
    if (ran === 0) report({ name, outcome: 'failed', detail: 'It ran no test.' });
  } catch (error) {
    report(eventOf(name, error));
  }
}

function sayEnd({ name, events }: Layer, seconds: number, say: Say): void {
  const mark = count(events, 'failed') > 0 ? '✗' : '✓';
  say(`${mark} ${name}: ${summary(events)}  ${seconds.toFixed(1)} s`);
  for (const { name: test, outcome, detail } of events) {
    if (outcome === 'skipped') say(`  skipped: ${test}${detail === undefined ? '' : ` (${detail})`}`);
  }
}

/** All that a layer has to do, for {@link runInLanes}; its events are whole when all is done. */
export interface Plan extends Layer {
  readonly work: readonly Work[];
}

/** @param setUp what its jobs wait for; where that fails, none of them runs */
export function plan(
  name: string,
  jobs: readonly Job[],
  setUp: Promise<unknown>,
  say: Say = console.log,
): Plan {
  const events: TestEvent[] = [];
  const running = new Set<string>();
  const layer = { name, events, running };
  const report = (event: TestEvent) => {
    events.push(event);
    if (event.outcome === 'failed') say(`✗ ${name}: ${event.name}`);
  };
  if (jobs.length === 0) report({ name, outcome: 'failed', detail: 'This layer ran no test.' });
  const ready = setUp.then(
    () => true,
    (error: unknown) => {
      report(eventOf(name, error));
      return false;
    },
  );
  let left = jobs.length;
  let began: number | undefined;
  const work = jobs.map((job) => async () => {
    const isReady = await ready;
    began ??= performance.now();
    running.add(job.name);
    if (isReady) await runJob(job, report);
    running.delete(job.name);
    if (--left === 0) sayEnd(layer, (performance.now() - began) / 1000, say);
  });
  return { ...layer, work };
}

/** So many of them at a time. */
export async function runInLanes(work: readonly Work[], lanes: number): Promise<void> {
  const queue = [...work];
  const lane = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await next();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** A line for each layer that something of is running, and what has come of it so far. */
export function progress(layers: readonly Layer[]): readonly string[] {
  return layers
    .filter(({ running }) => running.size > 0)
    .map(({ name, events, running }) => {
      const failed = count(events, 'failed');
      const counts = `${count(events, 'passed')} passed${failed === 0 ? '' : `, ${failed} failed`}`;
      return `… ${name}: ${counts}, running: ${[...running].join(', ')}`;
    });
}
