import { globSync } from 'node:fs';
import { join, relative } from 'node:path';
import { openWorkbench } from '../../test/support/workbench.ts';
import { runExtensionSuite } from '../../test/support/extension-suite.ts';
import type { TestEvent } from '../../test/support/test-event.ts';
import { runChecks } from './checks.ts';
import { runNodeTests } from './node-tests.ts';
import { root } from './paths.ts';

/** A part of a layer that runs by itself, beside others. */
export interface Job {
  readonly name: string;
  /** Reports each test as it ends, where that is known. */
  readonly run: (report: Report) => Promise<unknown>;
}

type Report = (event: TestEvent) => void;

/** A job for each file of a folder. */
function nodeTests(folder: string, pattern = '**/*.test.ts'): readonly Job[] {
  return globSync(join(folder, pattern), { cwd: root })
    .map((file) => ({
      name: relative(folder, file),
      run: (report: Report) => runNodeTests(join(root, file), report),
    }))
    .toSorted((one, other) => one.name.localeCompare(other.name));
}

/** The longest are begun first, so that none of them is waited for alone at the end. */
function longestFirst(jobs: readonly Job[], ...longest: readonly string[]): readonly Job[] {
  const rank = ({ name }: Job) => (longest.includes(name) ? longest.indexOf(name) : longest.length);
  return jobs.toSorted((one, other) => rank(one) - rank(other));
}

function check(report: Report): Promise<unknown> {
  return runChecks(({ name, passed, output }) =>
    report(passed ? { name, outcome: 'passed' } : { name, outcome: 'failed', detail: output }),
  );
}

async function extensionHost(report: Report): Promise<void> {
  const events = await runExtensionSuite(async (suite) => {
    await using workbench = await openWorkbench(suite);
    await workbench.testsEnded;
    return workbench.log.join('\n');
  });
  for (const event of events) report(event);
}

/** Every layer of tests by name, in the order they are told of. */
export const layers = {
  check: () => [{ name: 'check', run: check }],
  unit: () => nodeTests('test/unit', 'all.ts'),
  'workbench: page': () => nodeTests('test/workbench/page'),
  'workbench: extension host': () => [{ name: 'extension host', run: extensionHost }],
  integration: () =>
    longestFirst(
      nodeTests('test/integration'),
      'engines/environment/access/ssh.test.ts',
      'scripts/start.test.ts',
    ),
} satisfies Record<string, () => readonly Job[]>;

export type LayerName = keyof typeof layers;

/** Layers whose jobs share the machine, and how many of those run at a time. */
interface Stage {
  readonly layers: readonly LayerName[];
  readonly lanes: number;
  /** Needs what is built and installed first. */
  readonly prepared: boolean;
}

/**
 * One after another. A page is by itself, since it is to be as quick as a person expects: beside guests that boot, a
 * list comes late and is gone again. Guests mostly wait: three at a time keep two processors busy.
 */
export const stages: readonly Stage[] = [
  { layers: ['check', 'unit'], lanes: 2, prepared: false },
  { layers: ['workbench: page', 'workbench: extension host'], lanes: 1, prepared: true },
  { layers: ['integration'], lanes: 3, prepared: true },
];
