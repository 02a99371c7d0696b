import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildExtension } from './lib/bundle.ts';
import { installCodeServer } from './lib/code-server.ts';
import { runMain } from './lib/main.ts';
import { root } from './lib/paths.ts';
import { requirements } from './lib/requirements.ts';
import { step } from './lib/steps.ts';
import { ensureSystemPackages, SetupError } from './lib/system-packages.ts';
import { type LayerName, layerNames } from './lib/test-layers.ts';
import { count, type Layer, plan, runInLanes, summary } from './lib/test-run.ts';
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

async function runGroups(chosen: Set<string>): Promise<readonly Layer[]> {
  const names = layerNames.filter((name) => chosen.has(groupOf(name)));
  const isQuick = (name: LayerName) => name === 'check' || name === 'unit';
  const quick = names.filter(isQuick).map((name) => plan(name, Promise.resolve()));
  const slow = names.filter((name) => !isQuick(name));
  const ready = slow.length > 0 ? prepare() : Promise.resolve();
  const real = slow.map((name) => plan(name, ready));
  // The quick ones keep two processors busy by themselves; guests and pages are not to be timed beside them.
  const isPage = ({ name }: Layer) => name.startsWith('workbench');
  for (const plans of [quick, real])
    await runInLanes(
      plans.filter(isPage).flatMap(({ work }) => work),
      plans.filter((each) => !isPage(each)).flatMap(({ work }) => work),
    );
  return [...quick, ...real];
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
  const results = await runGroups(chosen);
  printFailures(results);
  const events = results.flatMap((layer) => layer.events);
  console.log(`\n${summary(events)}`);
  return count(events, 'failed') === 0 ? 0 : 1;
}

await runMain(main);
