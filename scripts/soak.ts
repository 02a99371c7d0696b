import { parseArgs } from 'node:util';
import { hostile } from '../test/soak/hostile/hostile.ts';
import { killer, windows } from '../test/soak/killer/killer.ts';
import { soak } from '../test/soak/soak.ts';
import { CannotRunError } from './lib/cannot-run.ts';
import { runMain } from './lib/main.ts';
import { requirements } from './lib/requirements.ts';
import { ensureSystemPackages, SetupError } from './lib/system-packages.ts';

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new SetupError(`--${name} ${text} is not a number above 0.`);
  return value;
}

/** The long form of some tests: hostile inputs, faults, kills, two windows at once. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      minutes: { type: 'string' },
      seed: { type: 'string' },
      kills: { type: 'string' },
      pairs: { type: 'string' },
      operation: { type: 'string' },
      kind: { type: 'string' },
      step: { type: 'string' },
      inputs: { type: 'string' },
      index: { type: 'string' },
      yes: { type: 'boolean' },
    },
  });
  const seed = positive('seed', values.seed) ?? 1;
  await ensureSystemPackages(Object.values(requirements).flat(), values.yes);
  const [part = 'hostile'] = positionals;
  if (part === 'hostile')
    return hostile({
      seed,
      inputs: positive('inputs', values.inputs) ?? 100_000,
      kind: values.kind,
      index: values.index === undefined ? undefined : Number(values.index),
    });
  if (part === 'killer' || part === 'windows') {
    if (process.getuid?.() !== 0)
      throw new CannotRunError('The killer fills a disk of its own, which only root may mount.');
    if (part === 'windows') return windows(positive('pairs', values.pairs) ?? 50);
    return killer({
      seed,
      kills: positive('kills', values.kills) ?? 500,
      pairs: values.pairs === '0' ? 0 : (positive('pairs', values.pairs) ?? 2),
      operation: values.operation,
      kind: values.kind,
      step: positive('step', values.step),
    });
  }
  if (part !== 'faults') throw new SetupError(`There is no ${part}: hostile, faults, killer, windows.`);
  return soak({ minutes: positive('minutes', values.minutes), seed });
}

await runMain(main);
