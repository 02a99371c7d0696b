import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain } from './batch.ts';

export function resumeDomains(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  const verb = { doing: 'Resuming', infinitive: 'resume' };
  return forEachDomain(context, targets, verb, ({ connection, ref, signal }) =>
    connection.domains.resume(ref, { signal }),
  );
}
