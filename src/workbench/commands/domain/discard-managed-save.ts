import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain } from './batch.ts';
import { confirm } from './confirm.ts';

export async function discardManagedSave(
  context: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  const consequence = 'The memory that was saved is deleted: the next start is a fresh boot.';
  if (!(await confirm('Discard Saved State of', targets, consequence))) return;
  const verb = { doing: 'Discarding the saved state of', infinitive: 'discard the saved state of' };
  await forEachDomain(context, targets, verb, ({ connection, ref, signal }) =>
    connection.domains.removeManagedSave(ref, { signal }),
  );
}
