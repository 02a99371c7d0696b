import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { startDomain } from '../../../model/inventory/start-domain.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain } from './batch.ts';

export function startDomains(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  const verb = { doing: 'Starting', infinitive: 'start' };
  return forEachDomain(context, targets, verb, ({ connection, ref, target, signal }) =>
    startDomain(connection, ref, target.host.bootWatchers, { signal }),
  );
}
