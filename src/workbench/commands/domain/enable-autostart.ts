import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain } from './batch.ts';

export function enableAutostart(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  const verb = { doing: 'Enabling autostart of', infinitive: 'enable autostart of' };
  return forEachDomain(context, targets, verb, ({ connection, ref, signal }) =>
    connection.domains.setAutostart(ref, true, { signal }),
  );
}
