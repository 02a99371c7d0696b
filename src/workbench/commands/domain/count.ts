import { t } from '@vscode/l10n';
import type { CommandContext } from '../context.ts';

/** How many there are, and of how many that were selected: “2 of 5”. */
export function countOf({ selected }: CommandContext, { length }: readonly unknown[]): string {
  return selected === undefined ? String(length) : t('{0} of {1}', length, selected);
}
