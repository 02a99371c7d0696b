import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain } from './batch.ts';

export function rebootDomains(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  const verb = { doing: 'Rebooting', infinitive: 'reboot' };
  return forEachDomain(context, targets, verb, ({ connection, ref, signal }) =>
    connection.domains.reboot(ref, 0, { signal }),
  );
}
