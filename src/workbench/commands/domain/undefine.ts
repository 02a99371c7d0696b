import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import {
  type DeletableDisk,
  findLeftovers,
  type Leftovers,
} from '../../../model/operations/domain/leftovers.ts';
import { undefineDomain } from '../../../model/operations/domain/undefine.ts';
import { displayName, pickLabel } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, nameOf, type VerbWords } from './batch.ts';
import { confirm } from './confirm.ts';
import { chooseMany } from '../../ui/choose.ts';

const WORDS: VerbWords = {
  doing: (name) => t('Undefining {0}', name),
  doingMany: (count) => t('Undefining {0} domains', count),
  failed: (name) => t('Could not undefine {0}.', name),
  failedMany: (failed, count) => t('Could not undefine {0} of {1} domains.', failed, count),
};

/** What goes together with the definitions, as the person chose. */
interface Choice {
  readonly managedSave: boolean;
  readonly nvram: boolean;
  readonly snapshots: boolean;
  readonly disks: ReadonlySet<DeletableDisk>;
}

export async function undefineDomains(
  context: CommandContext,
  targets: readonly DomainTarget[],
): Promise<void> {
  const found = new Map<DomainTarget, Leftovers>();
  // What cannot be looked at is told of, and left as it is.
  await forEachDomain(context, targets, WORDS, async (target, options) =>
    found.set(target, await findLeftovers(target, {}, options)),
  );
  if (found.size < targets.length) return;
  const leftovers = [...found.values()];
  const choice = await choose(targets, leftovers);
  if (choice === undefined) return;
  const lost = consequence(targets, choice);
  const question = {
    button: () => t('Undefine'),
    question: (name: string) => t('Undefine {0}?', name),
    questionMany: (count: number) => t('Undefine {0} domains?', count),
    consequence: () => lost,
    consequenceMany: () => lost,
  };
  if (!(await confirm(targets, question))) return;
  await forEachDomain(context, targets, WORDS, (target, options) => {
    const disks = (found.get(target)?.disks ?? []).filter((disk) => choice.disks.has(disk));
    return undefineDomain(target, { ...choice, disks: disks.map(({ volume }) => volume) }, options);
  });
}

interface ChoiceItem extends vscode.QuickPickItem {
  readonly part: 'managedSave' | 'nvram' | 'snapshots' | DeletableDisk;
}

/** Nothing to ask about is no question. Disks are never ticked beforehand. */
async function choose(
  targets: readonly DomainTarget[],
  leftovers: readonly Leftovers[],
): Promise<Choice | undefined> {
  const items = choiceItems(leftovers);
  if (items.length === 0) return { managedSave: false, nvram: false, snapshots: false, disks: new Set() };
  const picked = await chooseMany(items, {
    title: chooseTitle(targets),
    placeHolder: t('Anything you leave unticked is kept. Disks are kept unless you tick them.'),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (picked === undefined) return undefined;
  const parts = picked.map(({ part }) => part);
  return {
    managedSave: parts.includes('managedSave'),
    nvram: parts.includes('nvram'),
    snapshots: parts.includes('snapshots'),
    disks: new Set(parts.filter((part) => typeof part === 'object')),
  };
}

function chooseTitle(targets: readonly DomainTarget[]): string {
  const [first] = targets;
  return targets.length === 1 && first !== undefined
    ? t('Undefine {0}: what should go with it?', nameOf(first))
    : t('Undefine {0} domains: what should go with them?', targets.length);
}

function choiceItems(leftovers: readonly Leftovers[]): readonly ChoiceItem[] {
  const items: ChoiceItem[] = [];
  const snapshots = leftovers.reduce((sum, one) => sum + one.snapshots, 0);
  if (leftovers.some(({ managedSave }) => managedSave))
    items.push({
      part: 'managedSave',
      label: t('Saved state'),
      detail: t('libvirt refuses to undefine a domain that keeps it'),
      picked: true,
    });
  if (snapshots > 0)
    items.push({
      part: 'snapshots',
      label:
        snapshots === 1
          ? t('The record (metadata) of 1 snapshot')
          : t('The records (metadata) of {0} snapshots', snapshots),
      detail: t('libvirt refuses to undefine a domain that keeps it; the data inside the disks stays'),
      picked: true,
    });
  if (leftovers.some(({ nvram }) => nvram))
    items.push({ part: 'nvram', label: t('NVRAM'), detail: t('The UEFI settings file'), picked: true });
  for (const { target, disks } of leftovers)
    for (const disk of disks)
      items.push({
        part: disk,
        label: t('Disk {0}', pickLabel(disk.path)),
        description: t('of {0}, in pool {1}', nameOf(target), pickLabel(disk.volume.pool)),
        picked: false,
      });
  return items;
}

function consequence(targets: readonly DomainTarget[], choice: Choice): string {
  const running = targets.some(({ record }) => record !== undefined && isActive(record.state));
  const parts = [
    ...(choice.managedSave ? [t('the saved state')] : []),
    ...(choice.snapshots ? [t('the records (metadata) of snapshots')] : []),
    ...(choice.nvram ? [t('the NVRAM file')] : []),
    ...[...choice.disks].map(({ path }) => t('the disk {0}', displayName(path))),
  ];
  const sentences = [
    ...(running ? [t('What is running keeps running, and disappears when it stops.')] : []),
    parts.length === 0
      ? t('The definition is deleted.')
      : `${t('The definition is deleted, and these with it for good:')}\n${parts.join('\n')}`,
    ...(choice.disks.size === 0 ? [t('All disks are kept.')] : []),
  ];
  return sentences.join('\n\n');
}
