import { t } from '@vscode/l10n';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { copyText } from '../../ui/clipboard.ts';
import type { CommandContext } from '../context.ts';

export async function debugDomain(
  { debugging }: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  for (const target of targets) await debugging.debug(target);
}

/** A whole launch.json, so that it can be pasted into an empty one; several guests become one compound. */
export async function copyLaunchJson(
  { debugging }: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  const all = await Promise.all(targets.map((target) => debugging.configuration(target)));
  const configurations = all.filter((each) => each !== undefined);
  const compounds =
    configurations.length > 1
      ? { compounds: [{ name: t('All guests'), configurations: configurations.map(({ name }) => name) }] }
      : {};
  const text = JSON.stringify({ version: '0.2.0', configurations, ...compounds }, undefined, 2);
  await copyText(`${text}\n`);
}
