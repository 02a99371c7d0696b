import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildExtension, extensionHost } from '../../scripts/lib/bundle.ts';
import { packageExtension } from '../../scripts/lib/package.ts';
import { out, root } from '../../scripts/lib/paths.ts';
import { openWorkbench } from '../support/workbench.ts';
import { staticSize } from './startup/static-size.ts';
import type { ActivationReport } from './startup/activation-probe.ts';
import { median } from './tree/statistics.ts';
import type { BenchNeeds } from '../../scripts/lib/bench-needs.ts';
import { extras, requirements } from '../../scripts/lib/requirements.ts';

export const needs: BenchNeeds = {
  system: [...requirements.libvirt, extras.documentation],
  workbench: true,
};

const ROUNDS = 5;
const KILOBYTE = 1000;

async function bundleProbe(): Promise<string> {
  const outfile = join(out, 'bench', 'activation-probe.mjs');
  const probe = join(import.meta.dirname, 'startup', 'activation-probe.ts');
  await build({ ...extensionHost, entryPoints: [probe], outfile });
  return outfile;
}

/** In an extension host that has never seen the extension before. */
async function measureActivation(probe: string, folder: string): Promise<number> {
  const report = join(folder, 'activation.json');
  await using workbench = await openWorkbench({
    folder: join(root, 'examples', 'tiny-os'),
    extensionTests: probe,
    env: { KVM_BENCH_REPORT: report },
  });
  if ((await workbench.testsEnded) !== 0) throw new Error(workbench.log.join('\n'));
  const { activateMs } = JSON.parse(await readFile(report, 'utf8')) as ActivationReport;
  await rm(report);
  return activateMs;
}

/** What the extension costs an editor that starts: time, and bytes to load and to install. */
export async function run(): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-startup-'));
  try {
    const packagePath = join(folder, 'kvm-workbench.vsix');
    await packageExtension(packagePath);
    await buildExtension(true);
    const probe = await bundleProbe();
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) times.push(await measureActivation(probe, folder));
    return {
      activate_ms: median(times),
      bundle_kb: (await staticSize(join(root, 'dist', 'extension.js'))) / KILOBYTE,
      vsix_kb: (await stat(packagePath)).size / KILOBYTE,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
