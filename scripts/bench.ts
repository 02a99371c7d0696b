import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchNeeds, provide } from './lib/bench-needs.ts';
import { runMain } from './lib/main.ts';
import { root } from './lib/paths.ts';
import { SetupError } from './lib/system-packages.ts';

/** What a file in test/bench exports: a measurement that starts what it needs. */
interface Bench {
  readonly needs: BenchNeeds;
  run(): Promise<Record<string, number>>;
}

const folder = join(root, 'test', 'bench');

async function benchNames(): Promise<string[]> {
  const files = await readdir(folder);
  return files.filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -'.ts'.length));
}

async function load(name: string): Promise<Bench> {
  const names = await benchNames();
  if (!names.includes(name)) {
    throw new SetupError(
      `usage: npm run bench -- NAME [--json] [--yes]\nNAME is one of ${names.join(', ')}.`,
    );
  }
  const file = join(folder, `${name}.ts`);
  const bench: Bench = await import(file);
  return bench;
}

function printTable(results: Record<string, number>): void {
  const width = Math.max(...Object.keys(results).map((key) => key.length));
  for (const [key, value] of Object.entries(results)) {
    console.log(`${key.padEnd(width)}  ${Number.isInteger(value) ? value : value.toFixed(3)}`);
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean' }, yes: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [name = ''] = positionals;
  const bench = await load(name);
  await provide(name, bench.needs, values.yes);
  const results = await bench.run();
  printTable(results);
  if (values.json === true) console.log(JSON.stringify(results));
  return 0;
}

await runMain(main);
