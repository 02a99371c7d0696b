import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain } from './batch.ts';
import { confirm } from './confirm.ts';

export async function forceOffDomains(
  context: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  const consequence =
    'The guest has no chance to write anything to its disks, as if its power plug were pulled.';
  if (!(await confirm('Force Off', targets, consequence))) return;
  const verb = { doing: 'Forcing off', infinitive: 'force off' };
  await forEachDomain(context, targets, verb, ({ connection, ref, signal }) =>
    connection.domains.destroy(ref, 0, { signal }),
  );
}
