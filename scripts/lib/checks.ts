import { join } from 'node:path';
import { execa } from 'execa';
import { root } from './paths.ts';

export interface CheckResult {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
  readonly output: string;
}

/** So that tsc only looks again at what changed. */
function remembered(name: string): readonly string[] {
  return ['--incremental', '--tsBuildInfoFile', join(root, 'node_modules/.cache/tsc', name)];
}

/** The lint part holds the storeys too: who may import whom is a table in `storeys/table.ts`. */
const checks: Record<string, [command: string, ...args: string[]]> = {
  types: ['tsc', '--project', root, ...remembered('types')],
  'types of webviews': ['tsc', '--project', join(root, 'src/webview'), ...remembered('types-of-webviews')],
  lint: ['oxlint', '--deny-warnings'],
  storeys: ['node', join(root, 'scripts/storeys.ts')],
  format: ['prettier', '--check', '--log-level', 'warn', '--cache', '.'],
  words: ['node', join(root, 'scripts/lib/words/check-words.ts')],
  manifest: [process.execPath, join(root, 'scripts/manifest.ts'), '--check'],
  'dead code': ['knip', '--no-progress', '--treat-config-hints-as-errors', '--cache'],
};

async function runCheck(name: string, [command, ...args]: [string, ...string[]]): Promise<CheckResult> {
  const started = performance.now();
  const result = await execa(command, args, {
    cwd: root,
    preferLocal: true,
    localDir: root,
    // Some colour their output wherever CI is set.
    env: { NO_COLOR: '1', FORCE_COLOR: undefined },
    stdin: 'ignore',
    all: true,
    reject: false,
  });
  // A command that could not even be started said nothing itself.
  const output = result.all || (result.message ?? '');
  return { name, passed: !result.failed, seconds: (performance.now() - started) / 1000, output };
}

/** Runs every part at once and reports each as it ends; the results are in the order of the table. */
export async function runChecks(report: (result: CheckResult) => void): Promise<CheckResult[]> {
  return Promise.all(
    Object.entries(checks).map(async ([name, command]) => {
      const result = await runCheck(name, command);
      report(result);
      return result;
    }),
  );
}
