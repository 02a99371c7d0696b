import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { OperationOptions } from '../../../model/operations/operation.ts';
import { isCancellation } from '../../ui/failure.ts';
import { quoted } from '../../ui/names.ts';
import { withProgress } from '../../ui/progress.ts';
import type { CommandContext } from '../context.ts';
import { countOf } from './count.ts';

/** What a person reads of one verb. Names are quoted already; a failure is a sentence that its reason follows. */
export interface VerbWords {
  readonly doing: (name: string) => string;
  readonly doingMany: (count: string) => string;
  readonly failed: (name: string) => string;
  readonly failedMany: (failed: number, count: number) => string;
}

/** Does one thing to every target at the same time, with late progress and one report of what failed. */
export async function forEachDomain(
  context: CommandContext,
  targets: readonly DomainTarget[],
  words: VerbWords,
  operation: (target: DomainTarget, options: OperationOptions) => Promise<unknown>,
): Promise<void> {
  const [first] = targets;
  if (first === undefined) return;
  const isOne = targets.length === 1;
  const title = isOne ? words.doing(nameOf(first)) : words.doingMany(countOf(context, targets));
  const failures = await withProgress(title, (signal, progress) =>
    // How far several are together, nobody knows.
    attemptAll(targets, (target) => operation(target, isOne ? { signal, progress } : { signal })),
  );
  await reportFailures(context, targets.length, words, failures);
}

interface Failure {
  readonly target: DomainTarget;
  readonly error: unknown;
}

async function attemptAll(
  targets: readonly DomainTarget[],
  action: (target: DomainTarget) => Promise<unknown>,
): Promise<readonly Failure[]> {
  const results = await Promise.allSettled(targets.map(action));
  return targets.flatMap((target, index) => {
    const result = results[index];
    return result?.status === 'rejected' ? [{ target, error: result.reason as unknown }] : [];
  });
}

async function reportFailures(
  { presenter }: CommandContext,
  count: number,
  words: VerbWords,
  failures: readonly Failure[],
): Promise<void> {
  const real = failures.filter(({ error }) => !isCancellation(error));
  const [first] = real;
  if (first === undefined) return;
  if (count === 1) {
    await presenter.failure(words.failed(nameOf(first.target)), first.error);
    return;
  }
  await presenter.failures(
    words.failedMany(real.length, count),
    real.map(({ target, error }) => ({ subject: nameOf(target), error })),
  );
}

/** Quoted for a sentence. */
export function nameOf(target: DomainTarget): string {
  return quoted(target.name);
}
