import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';

/** Needs no display to be open. */
export async function takeScreenshots(
  { displays }: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  for (const target of targets) await displays.takeScreenshot(target);
}
