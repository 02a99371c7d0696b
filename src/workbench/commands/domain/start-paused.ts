import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { StartDomain } from '../../../client/libvirt/domain/domain.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain } from './batch.ts';

/** Stops before the guest's first instruction: Resume lets it go on. */
export function startPaused(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  const verb = { doing: 'Starting', infinitive: 'start' };
  return forEachDomain(context, targets, verb, ({ connection, ref, signal }) =>
    connection.domains.start(ref, StartDomain.PAUSED, { signal }),
  );
}
