import { inspect, parseArgs } from 'node:util';
import { ExecaError } from 'execa';
import type { TestEvent } from '../test/support/test-event.ts';
import { buildExtension } from './lib/bundle.ts';
import { CannotRunError } from './lib/cannot-run.ts';
import { installCodeServer } from './lib/code-server.ts';
import { mayInstall, runMain } from './lib/main.ts';
import { requirements } from './lib/requirements.ts';
import { step } from './lib/steps.ts';
import { ensureSystemPackages, SetupError } from './lib/system-packages.ts';
import { layers, type LayerName } from './lib/test-layers.ts';
import { buildTinyOs } from './lib/tiny-os.ts';

const groups = ['check', 'unit', 'integration', 'workbench'] as const;
type Group = (typeof groups)[number];

interface Layer {
  readonly name: string;
  readonly events: readonly TestEvent[];
}

function isGroup(name: string): name is Group {
  return groups.some((group) => group === name);
}

function chosenGroups(names: readonly string[]): Set<Group> {
  const unknown = names.filter((name) => !isGroup(name));
  if (unknown.length > 0) {
    throw new SetupError(`There is no layer ${unknown.join(', ')}; there are ${groups.join(', ')}.`);
  }
  return new Set(names.length === 0 ? groups : names.filter(isGroup));
}

function count(events: readonly TestEvent[], outcome: TestEvent['outcome']): number {
  return events.filter((event) => event.outcome === outcome).length;
}

function summary(events: readonly TestEvent[]): string {
  const skipped = count(events, 'skipped');
  const text = `${count(events, 'passed')} passed, ${count(events, 'failed')} failed`;
  return skipped === 0 ? text : `${text}, ${skipped} skipped`;
}

/** A command's own words are enough; its fields only repeat them. */
function explain(error: unknown): string {
  return error instanceof ExecaError ? error.message : inspect(error);
}

/** What went wrong with a layer itself is an event like any other, so that it is counted and shown. */
async function collect(name: LayerName, setUp: Promise<unknown>): Promise<readonly TestEvent[]> {
  try {
    await setUp;
    const events = await layers[name]();
    if (events.length > 0) return events;
    return [{ name, outcome: 'failed', detail: 'This layer ran no test.' }];
  } catch (error) {
    if (error instanceof CannotRunError) return [{ name, outcome: 'skipped', detail: error.message }];
    return [{ name, outcome: 'failed', detail: explain(error) }];
  }
}

async function runLayer(name: LayerName, setUp: Promise<unknown>): Promise<Layer> {
  // Its time is its own; collect() sees again how the set-up went.
  await Promise.allSettled([setUp]);
  const started = performance.now();
  const events = await collect(name, setUp);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const mark = count(events, 'failed') > 0 ? '✗' : '✓';
  console.log(`${mark} ${name}: ${summary(events)}  ${seconds} s`);
  for (const { name: test, outcome, detail } of events) {
    if (outcome === 'skipped') console.log(`  skipped: ${test}${detail === undefined ? '' : ` (${detail})`}`);
  }
  return { name, events };
}

async function prepare(): Promise<{ guests: Promise<unknown>; workbench: Promise<unknown> }> {
  const guests = (async () => {
    await step('tiny-os', buildTinyOs);
    await step('extension bundle', () => buildExtension());
  })();
  const codeServer = step('code-server (minutes when new)', () => installCodeServer());
  const workbench = Promise.all([guests, codeServer]);
  // Whoever waits for them reports; until then a failure is not unhandled.
  guests.catch(() => undefined);
  workbench.catch(() => undefined);
  return { guests, workbench };
}

async function runGroups(chosen: Set<Group>): Promise<Layer[]> {
  const results: Layer[] = [];
  const needsSetUp = chosen.has('integration') || chosen.has('workbench');
  const ready = needsSetUp ? await prepare() : { guests: Promise.resolve(), workbench: Promise.resolve() };
  const quick = (['check', 'unit'] as const).filter((name) => chosen.has(name));
  results.push(...(await Promise.all(quick.map((name) => runLayer(name, Promise.resolve())))));
  // One after the other: they measure how fast a real machine reacts, and this one may have two cores.
  if (chosen.has('integration')) results.push(await runLayer('integration', ready.workbench));
  if (chosen.has('workbench')) {
    results.push(await runLayer('workbench: extension host', ready.workbench));
    results.push(await runLayer('workbench: page', ready.workbench));
  }
  return results;
}

function printFailures(results: readonly Layer[]): void {
  for (const { name, events } of results) {
    for (const event of events.filter(({ outcome }) => outcome === 'failed')) {
      console.log(`\n✗ ${name}: ${event.name}\n${event.detail ?? ''}`);
    }
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { yes: { type: 'boolean' } },
    allowPositionals: true,
  });
  const chosen = chosenGroups(positionals);
  if (chosen.has('integration') || chosen.has('workbench')) {
    await ensureSystemPackages(Object.values(requirements).flat(), mayInstall(values.yes));
  }
  const results = await runGroups(chosen);
  printFailures(results);
  const events = results.flatMap((layer) => layer.events);
  console.log(`\n${summary(events)}`);
  return count(events, 'failed') === 0 ? 0 : 1;
}

await runMain(main);
