import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';
import { startDomains } from './start.ts';

/** Shows everything from the first byte on: a start from here waits for a console that is open. */
export async function startWithConsole(
  context: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  for (const target of targets)
    if (await context.consoles.open(target)) await startDomains(context, [target]);
}
