import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain } from './batch.ts';

export function disableAutostart(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  const verb = { doing: 'Disabling autostart of', infinitive: 'disable autostart of' };
  return forEachDomain(context, targets, verb, ({ connection, ref, signal }) =>
    connection.domains.setAutostart(ref, false, { signal }),
  );
}
