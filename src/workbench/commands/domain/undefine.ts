import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { UndefineDomain } from '../../../client/libvirt/domain/domain.ts';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import { displayName, pickLabel } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, nameOf, subjectOf, type Work } from './batch.ts';
import { confirm } from './confirm.ts';
import { type DeletableDisk, findLeftovers, type Leftovers } from './leftovers.ts';

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
  let leftovers: readonly Leftovers[];
  try {
    leftovers = await Promise.all(targets.map(findLeftovers));
  } catch (error) {
    await context.presenter.failure(`Could not undefine ${subjectOf(targets)}`, error);
    return;
  }
  const choice = await choose(targets, leftovers);
  if (choice === undefined) return;
  if (!(await confirm('Undefine', targets, consequence(targets, choice)))) return;
  await forEachDomain(context, targets, { doing: 'Undefining', infinitive: 'undefine' }, (work) =>
    undefine(work, choice, leftovers.find(({ target }) => target === work.target)?.disks ?? []),
  );
}

/** The definition goes first: while it is there, the disks still belong to something. */
async function undefine(
  { connection, ref, signal }: Work,
  choice: Choice,
  disks: readonly DeletableDisk[],
): Promise<void> {
  const flags =
    (choice.managedSave ? UndefineDomain.MANAGED_SAVE : 0) |
    (choice.snapshots ? UndefineDomain.SNAPSHOTS_METADATA | UndefineDomain.CHECKPOINTS_METADATA : 0) |
    (choice.nvram ? UndefineDomain.NVRAM : UndefineDomain.KEEP_NVRAM);
  await connection.domains.undefine(ref, flags, { signal });
  for (const disk of disks) if (choice.disks.has(disk)) await connection.storageVolumes.delete(disk.volume);
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
  const picked = await vscode.window.showQuickPick(items, {
    title: `Undefine ${subjectOf(targets)}: what should go with it?`,
    placeHolder: 'What is not ticked stays. Disks stay unless you tick them.',
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

function choiceItems(leftovers: readonly Leftovers[]): readonly ChoiceItem[] {
  const items: ChoiceItem[] = [];
  const snapshots = leftovers.reduce((sum, one) => sum + one.snapshots, 0);
  if (leftovers.some(({ managedSave }) => managedSave))
    items.push({
      part: 'managedSave',
      label: 'Saved state',
      detail: 'libvirt refuses to undefine a domain that keeps it',
      picked: true,
    });
  if (snapshots > 0)
    items.push({
      part: 'snapshots',
      label: `What libvirt knows of ${snapshots === 1 ? '1 snapshot' : `${snapshots} snapshots`}`,
      detail: 'libvirt refuses to undefine a domain that keeps it; the data inside the disks stays',
      picked: true,
    });
  if (leftovers.some(({ nvram }) => nvram))
    items.push({ part: 'nvram', label: 'NVRAM', detail: 'The UEFI settings file', picked: true });
  for (const { target, disks } of leftovers)
    for (const disk of disks)
      items.push({
        part: disk,
        label: `Disk ${pickLabel(disk.path)}`,
        description: `of ${nameOf(target)}, in pool ${pickLabel(disk.volume.pool)}`,
        picked: false,
      });
  return items;
}

function consequence(targets: readonly DomainTarget[], choice: Choice): string {
  const running = targets.some(({ record }) => record !== undefined && isActive(record.state));
  const parts = [
    ...(choice.managedSave ? ['the saved state'] : []),
    ...(choice.snapshots ? ['what libvirt knows of its snapshots'] : []),
    ...(choice.nvram ? ['the NVRAM file'] : []),
    ...[...choice.disks].map(({ path }) => `the disk ${displayName(path)}`),
  ];
  const sentences = [
    ...(running ? ['What is running goes on as a transient domain and is gone when it stops.'] : []),
    parts.length === 0
      ? 'The definition is deleted.'
      : `The definition is deleted, and with it for good:\n${parts.join('\n')}`,
    ...(choice.disks.size === 0 ? ['All disks are kept.'] : []),
  ];
  return sentences.join('\n\n');
}
