import { t } from '@vscode/l10n';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';
import { nameOf } from './batch.ts';
import { countOf } from './count.ts';
import { warn } from '../../ui/notices.ts';

const NAMES_MAX = 12;

/** A question to be asked once for the whole batch. Names are quoted already. */
export interface ConfirmWords {
  readonly button: () => string;
  readonly question: (name: string) => string;
  readonly questionMany: (count: string) => string;
  /** What is lost. */
  readonly consequence: () => string;
  readonly consequenceMany: () => string;
}

/** Asks in a modal that names every target and what is lost. */
export async function confirm(
  context: CommandContext,
  targets: readonly DomainTarget[],
  words: ConfirmWords,
): Promise<boolean> {
  const [first] = targets;
  if (first === undefined) return false;
  const isOne = targets.length === 1;
  const button = words.button();
  const answer = await warn(
    isOne ? words.question(nameOf(first)) : words.questionMany(countOf(context, targets)),
    {
      modal: true,
      detail: isOne ? words.consequence() : `${listOf(targets)}\n\n${words.consequenceMany()}`,
    },
    button,
  );
  return answer === button;
}

function listOf(targets: readonly DomainTarget[]): string {
  const names = targets.slice(0, NAMES_MAX).map(nameOf);
  const more = targets.length - names.length;
  return [...names, ...(more === 0 ? [] : [moreText(more)])].join('\n');
}

function moreText(count: number): string {
  return count === 1 ? t('and one more') : t('and {0} more', count);
}
