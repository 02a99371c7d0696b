import { inspect } from 'node:util';
import { ExecaError } from 'execa';
import type { TestEvent } from '../../test/support/test-event.ts';
import { CannotRunError } from './cannot-run.ts';
import { type Job, type LayerName, layers } from './test-layers.ts';

export interface Layer {
  readonly name: string;
  readonly events: readonly TestEvent[];
}

type Work = () => Promise<void>;

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

async function collect({ name, run }: Job): Promise<readonly TestEvent[]> {
  try {
    const events = await run();
    return events.length > 0 ? events : [{ name, outcome: 'failed', detail: 'It ran no test.' }];
  } catch (error) {
    return [eventOf(name, error)];
  }
}

function report({ name, events }: Layer, seconds: number): void {
  const mark = count(events, 'failed') > 0 ? '✗' : '✓';
  console.log(`${mark} ${name}: ${summary(events)}  ${seconds.toFixed(1)} s`);
  for (const { name: test, outcome, detail } of events) {
    if (outcome === 'skipped') console.log(`  skipped: ${test}${detail === undefined ? '' : ` (${detail})`}`);
  }
}

/** All that a layer has to do once `setUp` is done, for {@link runInLanes}; its events are whole when all is done. */
export function plan(name: LayerName, setUp: Promise<unknown>): Layer & { readonly work: readonly Work[] } {
  const events: TestEvent[] = [];
  const layer = { name, events };
  const jobs = layers[name]();
  if (jobs.length === 0) events.push({ name, outcome: 'failed', detail: 'This layer ran no test.' });
  const ready = setUp.then(
    () => true,
    (error: unknown) => void events.push(eventOf(name, error)),
  );
  let left = jobs.length;
  let began: number | undefined;
  const work = jobs.map((job) => async () => {
    const isReady = await ready;
    began ??= performance.now();
    if (isReady) events.push(...(await collect(job)));
    if (--left === 0) report(layer, (performance.now() - began) / 1000);
  });
  return { ...layer, work };
}

/**
 * Guests mostly wait and pages mostly draw: three at a time keep two processors busy. Of pages there are two at most,
 * since a third one would leave each too little to be as quick as a person expects.
 */
export async function runInLanes(pages: readonly Work[], others: readonly Work[]): Promise<void> {
  const pagesFirst = [[...pages], [...others]];
  const lane = async (queues: readonly Work[][]) => {
    for (;;) {
      const next = queues.find((queue) => queue.length > 0)?.shift();
      if (next === undefined) return;
      await next();
    }
  };
  await Promise.all([lane(pagesFirst), lane(pagesFirst), lane(pagesFirst.slice(1))]);
}
