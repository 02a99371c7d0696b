import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { openWorkbench } from '../../test/support/workbench.ts';
import { runExtensionSuite } from '../../test/support/extension-suite.ts';
import type { TestEvent } from '../../test/support/test-event.ts';
import { runChecks } from './checks.ts';
import { runNodeTests } from './node-tests.ts';
import { root } from './paths.ts';

async function nodeTests(pattern: string, concurrency: number): Promise<TestEvent[]> {
  const files: string[] = [];
  for await (const file of glob(pattern, { cwd: root })) files.push(join(root, file));
  // The longest are among the last by name; begun first, none of them is waited for alone at the end.
  return files.length === 0 ? [] : runNodeTests(files.toSorted().toReversed(), concurrency);
}

async function check(): Promise<TestEvent[]> {
  const results = await runChecks(() => undefined);
  return results.map(({ name, passed, output }) =>
    passed ? { name, outcome: 'passed' } : { name, outcome: 'failed', detail: output },
  );
}

async function extensionHost(): Promise<TestEvent[]> {
  return runExtensionSuite(async (suite) => {
    await using workbench = await openWorkbench(suite);
    await workbench.testsEnded;
    return workbench.log.join('\n');
  });
}

/** Every layer of tests by name, in the order they run. */
export const layers = {
  check,
  unit: () => nodeTests('test/unit/all.ts', 1),
  integration: () => nodeTests('test/integration/**/*.test.ts', 3),
  'workbench: extension host': extensionHost,
  'workbench: page': () => nodeTests('test/workbench/page/**/*.test.ts', 2),
} satisfies Record<string, () => Promise<TestEvent[]>>;

export type LayerName = keyof typeof layers;
