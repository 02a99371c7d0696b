import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain } from './batch.ts';
import { confirm } from './confirm.ts';

/** What a hung Linux answers with a dump of its stacks, where it is told to panic (`kernel.unknown_nmi_panic`). */
export async function injectNmi(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  const consequence =
    'A non-maskable interrupt reaches the guest even when it hangs. Some systems crash on purpose when they get one.';
  if (!(await confirm('Inject NMI', targets, consequence))) return;
  const verb = { doing: 'Interrupting', infinitive: 'interrupt' };
  await forEachDomain(context, targets, verb, ({ connection, ref, signal }) =>
    connection.domainGuests.injectNmi(ref, { signal }),
  );
}
