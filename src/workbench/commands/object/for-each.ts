import { t } from '@vscode/l10n';
import type { ObjectTarget } from '../../../model/inventory/object-target.ts';
import type { OperationOptions } from '../../../model/operations/operation.ts';
import { isCancellation } from '../../ui/failure.ts';
import { warn } from '../../ui/notices.ts';
import { withProgress } from '../../ui/progress.ts';
import type { CommandContext } from '../context.ts';
import { objectName } from './name.ts';

/** What a person reads of one verb. Names are quoted already; a failure is a sentence that its reason follows. */
export interface ObjectWords {
  readonly doing: (name: string) => string;
  readonly doingMany: (count: number) => string;
  readonly failed: (name: string) => string;
  readonly failedMany: (failed: number, count: number) => string;
}

/** Does one thing to every object at the same time, with late progress and one report of what failed. */
export async function forEachObject(
  { presenter }: CommandContext,
  targets: readonly ObjectTarget[],
  words: ObjectWords,
  operation: (target: ObjectTarget, options: OperationOptions) => Promise<unknown>,
): Promise<void> {
  // An object that is gone has no name any more.
  const named = targets.map((target) => ({ target, name: objectName(target) }));
  const [first] = named;
  if (first === undefined) return;
  const isOne = named.length === 1;
  const title = isOne ? words.doing(first.name) : words.doingMany(named.length);
  const results = await withProgress(title, (signal) =>
    Promise.allSettled(named.map(({ target }) => operation(target, { signal }))),
  );
  const failures = results.flatMap((result, index) =>
    result.status === 'rejected' && !isCancellation(result.reason)
      ? [{ subject: named[index]?.name ?? '', error: result.reason as unknown }]
      : [],
  );
  const [failure] = failures;
  if (failure === undefined) return;
  if (isOne) await presenter.failure(words.failed(first.name), failure.error);
  else await presenter.failures(words.failedMany(failures.length, named.length), failures);
}

/** A question to be asked once for all of them. Names are quoted already. */
export interface ObjectQuestion {
  readonly button: string;
  readonly one: (name: string) => string;
  readonly many: (count: number) => string;
  /** What is lost. */
  readonly consequence: string;
}

const NAMES_MAX = 12;

/** Asks in a modal that names every target and what is lost. */
export async function confirmObjects(
  targets: readonly ObjectTarget[],
  { button, one, many, consequence }: ObjectQuestion,
): Promise<boolean> {
  const [first] = targets;
  if (first === undefined) return false;
  const isOne = targets.length === 1;
  const names = targets.slice(0, NAMES_MAX).map(objectName);
  if (targets.length > NAMES_MAX) names.push(t('and {0} more', targets.length - NAMES_MAX));
  const answer = await warn(
    isOne ? one(objectName(first)) : many(targets.length),
    { modal: true, detail: isOne ? consequence : `${names.join('\n')}\n\n${consequence}` },
    button,
  );
  return answer === button;
}
