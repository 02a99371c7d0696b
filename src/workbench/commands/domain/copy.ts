import { t } from '@vscode/l10n';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { readDefinition } from '../../../model/operations/domain/definition.ts';
import { copyText } from '../../ui/clipboard.ts';
import { displayName } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import { nameOf } from './batch.ts';

export async function copyNames(_: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  await copy(targets.map(({ record }) => displayName(record?.name ?? '')));
}

export async function copyUuids(_: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  await copy(targets.map(({ uuid }) => uuid));
}

/** Without passwords: they do not belong on a clipboard. */
export async function copyXml(
  { presenter }: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  try {
    await copy(await Promise.all(targets.map((target) => readDefinition(target, {}))));
  } catch (error) {
    const [first] = targets;
    const what =
      targets.length === 1 && first !== undefined
        ? t('Could not copy the XML of {0}.', nameOf(first))
        : t('Could not copy the XML of {0} domains.', targets.length);
    await presenter.failure(what, error);
  }
}

async function copy(lines: readonly string[]): Promise<void> {
  await copyText(lines.join('\n'));
}
