import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openWorkbench } from '../../test/support/workbench.ts';
import { runExtensionSuite } from '../../test/support/extension-suite.ts';
import type { TestEvent } from '../../test/support/test-event.ts';
import { runChecks } from './checks.ts';
import { runNodeTests } from './node-tests.ts';
import { root } from './paths.ts';

/** A part of a layer that runs by itself, beside others. */
export interface Job {
  readonly name: string;
  readonly run: () => Promise<readonly TestEvent[]>;
}

function nodeTests(pattern: string): readonly Job[] {
  return globSync(pattern, { cwd: root })
    .map((file) => ({ name: basename(file), run: () => runNodeTests(join(root, file)) }))
    .toSorted((one, other) => other.name.localeCompare(one.name));
}

/** The longest are begun first, so that none of them is waited for alone at the end. */
function longestFirst(jobs: readonly Job[], ...longest: readonly string[]): readonly Job[] {
  const rank = ({ name }: Job) => (longest.includes(name) ? longest.indexOf(name) : longest.length);
  return jobs.toSorted((one, other) => rank(one) - rank(other));
}

async function check(): Promise<readonly TestEvent[]> {
  const results = await runChecks(() => undefined);
  return results.map(({ name, passed, output }) =>
    passed ? { name, outcome: 'passed' } : { name, outcome: 'failed', detail: output },
  );
}

async function extensionHost(): Promise<readonly TestEvent[]> {
  return runExtensionSuite(async (suite) => {
    await using workbench = await openWorkbench(suite);
    await workbench.testsEnded;
    return workbench.log.join('\n');
  });
}

/** Every layer of tests by name, in the order they begin. */
export const layers = {
  check: () => [{ name: 'check', run: check }],
  unit: () => nodeTests('test/unit/all.ts'),
  'workbench: page': () =>
    longestFirst(nodeTests('test/workbench/page/**/*.test.ts'), 'xml.test.ts', 'environment.test.ts'),
  integration: () =>
    longestFirst(
      nodeTests('test/integration/**/*.test.ts'),
      'inventory.test.ts',
      'ssh.test.ts',
      'start.test.ts',
    ),
  'workbench: extension host': () => [{ name: 'extension host', run: extensionHost }],
} satisfies Record<string, () => readonly Job[]>;

export type LayerName = keyof typeof layers;

export const layerNames = Object.keys(layers) as readonly LayerName[];
