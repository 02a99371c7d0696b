import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';

export async function openMonitor(
  { debugging }: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  for (const target of targets) await debugging.openMonitor(target);
}
