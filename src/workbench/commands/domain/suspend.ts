import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain } from './batch.ts';

export function suspendDomains(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  const verb = { doing: 'Suspending', infinitive: 'suspend' };
  return forEachDomain(context, targets, verb, ({ connection, ref, signal }) =>
    connection.domains.suspend(ref, { signal }),
  );
}
