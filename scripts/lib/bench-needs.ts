import { CannotRunError } from './cannot-run.ts';
import { installCodeServer } from './code-server.ts';
import { extras, type Requirement, requirements } from './requirements.ts';
import { step } from './steps.ts';
import { ensureSystemPackages } from './system-packages.ts';

/** What a benchmark takes of the machine, its peers included: all of it is there before anything is measured. */
export interface BenchNeeds {
  readonly system: readonly Requirement[];
  /** A VS Code in a browser. */
  readonly workbench?: boolean;
  /** What of it only root can do, where there is such a thing. */
  readonly root?: string;
}

/** @throws an error in one sentence when the benchmark cannot run here */
export async function provide(name: string, needs: BenchNeeds, yes: boolean | undefined): Promise<void> {
  if (needs.root !== undefined && process.getuid?.() !== 0) {
    throw new CannotRunError(`The benchmark ${name} needs root: ${needs.root}.`);
  }
  const { workbench = false } = needs;
  const forWorkbench = workbench ? [...requirements.codeServer, extras.browser] : [];
  await ensureSystemPackages([...needs.system, ...forWorkbench], yes);
  if (workbench) await step('code-server (minutes when new)', () => installCodeServer());
}
