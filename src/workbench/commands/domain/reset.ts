import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain } from './batch.ts';
import { confirm } from './confirm.ts';

export async function resetDomains(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  const consequence = 'The guest restarts at once and has no chance to write anything to its disks.';
  if (!(await confirm('Reset', targets, consequence))) return;
  const verb = { doing: 'Resetting', infinitive: 'reset' };
  await forEachDomain(context, targets, verb, ({ connection, ref, signal }) =>
    connection.domains.reset(ref, { signal }),
  );
}
