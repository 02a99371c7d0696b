import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { refOf } from '../../../model/inventory/kinds/domain-record.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { isCancellation } from '../../ui/failure.ts';
import { quoted } from '../../ui/names.ts';
import { withProgress } from '../../ui/progress.ts';
import type { CommandContext } from '../context.ts';

/** The words of one verb: Starting…, Could not start…. */
export interface Verb {
  readonly doing: string;
  readonly infinitive: string;
}

export interface Work {
  readonly connection: Connection;
  readonly ref: DomainRef;
  readonly target: DomainTarget;
  /** Aborted when the person presses Cancel. */
  readonly signal: AbortSignal;
}

/**
 * Does one thing to every target at the same time, with late progress and one report of what failed. Each
 * domain is read again afterwards, since not every change has an event.
 */
export async function forEachDomain(
  context: CommandContext,
  targets: readonly DomainTarget[],
  verb: Verb,
  action: (work: Work) => Promise<unknown>,
): Promise<void> {
  const failures = await withProgress(`${verb.doing} ${subjectOf(targets)}`, (signal) =>
    attemptAll(targets, (target) => actOn(context, target, signal, action)),
  );
  await reportFailures(context, targets, verb, failures);
}

interface Failure {
  readonly target: DomainTarget;
  readonly error: unknown;
}

async function attemptAll(
  targets: readonly DomainTarget[],
  action: (target: DomainTarget) => Promise<void>,
): Promise<readonly Failure[]> {
  const results = await Promise.allSettled(targets.map(action));
  return targets.flatMap((target, index) => {
    const result = results[index];
    return result?.status === 'rejected' ? [{ target, error: result.reason as unknown }] : [];
  });
}

async function actOn(
  { presenter }: CommandContext,
  target: DomainTarget,
  signal: AbortSignal,
  action: (work: Work) => Promise<unknown>,
): Promise<void> {
  const connection = await target.host.connect();
  const ref = refOf(recordOf(target));
  try {
    await action({ connection, ref, target, signal });
  } finally {
    await target.host.refresh({ kind: 'domain', key: target.uuid }).catch((error: unknown) => {
      presenter.background(`Could not read ${ref.name} again`, error);
    });
  }
}

function recordOf(target: DomainTarget) {
  const { record } = target;
  if (record === undefined) throw new Error('it is no longer there');
  return record;
}

async function reportFailures(
  { presenter }: CommandContext,
  targets: readonly DomainTarget[],
  { infinitive }: Verb,
  failures: readonly Failure[],
): Promise<void> {
  const real = failures.filter(({ error }) => !isCancellation(error));
  const [first] = real;
  if (first === undefined) return;
  if (targets.length === 1) {
    await presenter.failure(`Could not ${infinitive} ${nameOf(first.target)}`, first.error);
    return;
  }
  const what = `Could not ${infinitive} ${real.length} of ${targets.length} domains`;
  await presenter.failures(
    what,
    real.map(({ target, error }) => ({ subject: nameOf(target), error })),
  );
}

/** The name of one target, or how many there are: for titles and questions. */
export function subjectOf(targets: readonly DomainTarget[]): string {
  const [first] = targets;
  return targets.length === 1 && first !== undefined ? nameOf(first) : `${targets.length} domains`;
}

/** Quoted for a sentence; the UUID when the name is gone with its domain. */
export function nameOf(target: DomainTarget): string {
  return quoted(target.record?.name ?? target.uuid);
}
