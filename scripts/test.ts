import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildExtension } from './lib/bundle.ts';
import { installCodeServer } from './lib/code-server.ts';
import { runMain } from './lib/main.ts';
import { root } from './lib/paths.ts';
import { requirements } from './lib/requirements.ts';
import { step } from './lib/steps.ts';
import { ensureSystemPackages, SetupError } from './lib/system-packages.ts';
import { type LayerName, layers, stages } from './lib/test-layers.ts';
import { count, type Layer, plan, progress, runInLanes, summary } from './lib/test-run.ts';
import { buildTinyOs } from './lib/tiny-os.ts';

const groups = ['check', 'unit', 'integration', 'workbench'];

function chosenGroups(names: readonly string[]): Set<string> {
  const unknown = names.filter((name) => !groups.includes(name));
  if (unknown.length > 0) {
    throw new SetupError(`There is no layer ${unknown.join(', ')}; there are ${groups.join(', ')}.`);
  }
  return new Set(names.length === 0 ? groups : names);
}

/** Runs beside what needs nothing of it. */
function prepare(): Promise<unknown> {
  return Promise.all([
    step('tiny-os', buildTinyOs),
    step('extension bundle', () => buildExtension()),
    step('code-server (minutes when new)', () => installCodeServer()),
  ]);
}

/** Nobody is left without a sign of life for longer. */
const PROGRESS_MS = 15_000;

async function runStages(chosen: Set<string>): Promise<readonly Layer[]> {
  const used = stages
    .map((stage) => ({ ...stage, layers: stage.layers.filter((name) => chosen.has(groupOf(name))) }))
    .filter((stage) => stage.layers.length > 0);
  const ready = used.some(({ prepared }) => prepared) ? prepare() : Promise.resolve();
  const planned = used.map(({ layers: names, lanes, prepared }) => ({
    lanes,
    plans: names.map((name) => plan(name, layers[name](), prepared ? ready : Promise.resolve())),
  }));
  const all = planned.flatMap(({ plans }) => plans);
  const watch = setInterval(() => progress(all).forEach((line) => console.log(line)), PROGRESS_MS);
  for (const { plans, lanes } of planned)
    await runInLanes(
      plans.flatMap(({ work }) => work),
      lanes,
    );
  clearInterval(watch);
  return all;
}

/** As it is chosen on the command line. */
function groupOf(name: LayerName): string {
  return name.replace(/:.*/u, '');
}

function printFailures(results: readonly Layer[]): void {
  for (const { name, events } of results) {
    for (const event of events.filter(({ outcome }) => outcome === 'failed')) {
      console.log(`\n✗ ${name}: ${event.name}\n${event.detail ?? ''}`);
    }
  }
}

/** Dozens of processes load the same modules: what one has compiled the others take. */
function shareCompiledModules(): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(root, 'node_modules/.cache/node');
}

async function main(): Promise<number> {
  shareCompiledModules();
  const { values, positionals } = parseArgs({
    options: { yes: { type: 'boolean' } },
    allowPositionals: true,
  });
  const chosen = chosenGroups(positionals);
  if (chosen.has('integration') || chosen.has('workbench')) {
    await ensureSystemPackages(Object.values(requirements).flat(), values.yes);
  }
  const results = await runStages(chosen);
  printFailures(results);
  const events = results.flatMap((layer) => layer.events);
  console.log(`\n${summary(events)}`);
  return count(events, 'failed') === 0 ? 0 : 1;
}

await runMain(main);
