import { parseArgs } from 'node:util';
import { soak } from '../test/soak/soak.ts';
import { runMain } from './lib/main.ts';
import { requirements } from './lib/requirements.ts';
import { ensureSystemPackages, SetupError } from './lib/system-packages.ts';

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new SetupError(`--${name} ${text} is not a number above 0.`);
  return value;
}

/** The long form of the fault tests: all of it once, or as much as fits into so many minutes. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { minutes: { type: 'string' }, seed: { type: 'string' }, yes: { type: 'boolean' } },
  });
  const minutes = positive('minutes', values.minutes);
  const seed = positive('seed', values.seed) ?? 1;
  await ensureSystemPackages(Object.values(requirements).flat(), values.yes);
  return soak({ minutes, seed });
}

await runMain(main);
