import { t } from '@vscode/l10n';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { readDomainSummary } from '../../../model/inventory/domain-summary.ts';
import { withProgress } from '../../ui/progress.ts';
import type { CommandContext } from '../context.ts';
import { nameOf } from './batch.ts';

/** Shows what a guest shows: its display where it has a screen, else its console. */
export async function openDomains(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  for (const target of targets) {
    const name = nameOf(target);
    try {
      const { hasScreen } = await withProgress(t('Opening {0}', name), (signal) =>
        readDomainSummary(target, signal),
      );
      if (hasScreen) await context.displays.open(target);
      else await context.consoles.open(target);
    } catch (error) {
      await context.presenter.failure(t('Could not open {0}.', name), error);
    }
  }
}
