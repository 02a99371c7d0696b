import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';

export async function openConsoles(
  { consoles }: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  for (const target of targets) await consoles.open(target);
}
