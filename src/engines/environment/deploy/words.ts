import { t } from '@vscode/l10n';
import type { Effect } from './facets.ts';

/** What a change takes to show in the guest, as a comment behind it; undefined when it takes nothing more. */
export function effectComment(effect: Effect, running: boolean): string | undefined {
  switch (effect) {
    case 'now':
      return undefined;
    case 'restart':
      return running ? t('# needs a restart') : undefined;
    case 'rebuild':
      return t('# needs a rebuild');
    case 'provision':
      return t('# needs provisioning');
  }
}
