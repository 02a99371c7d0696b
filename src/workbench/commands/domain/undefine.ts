import * as vscode from 'vscode';
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

const WORDS: VerbWords = {
  doing: (name) => `Undefining ${name}`,
  doingMany: (count) => `Undefining ${count} domains`,
  failed: (name) => `Could not undefine ${name}`,
  failedMany: (failed, count) => `Could not undefine ${failed} of ${count} domains`,
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
    button: 'Undefine',
    question: (name: string) => `Undefine ${name}?`,
    questionMany: (count: number) => `Undefine ${count} domains?`,
    consequence: lost,
    consequenceMany: lost,
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
  const picked = await vscode.window.showQuickPick(items, {
    title: chooseTitle(targets),
    placeHolder: 'Anything you leave unticked is kept. Disks are kept unless you tick them.',
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
    ? `Undefine ${nameOf(first)}: what should go with it?`
    : `Undefine ${targets.length} domains: what should go with them?`;
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
      label:
        snapshots === 1
          ? 'The record (metadata) of 1 snapshot'
          : `The records (metadata) of ${snapshots} snapshots`,
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
    ...(choice.snapshots ? ['the records (metadata) of snapshots'] : []),
    ...(choice.nvram ? ['the NVRAM file'] : []),
    ...[...choice.disks].map(({ path }) => `the disk ${displayName(path)}`),
  ];
  const sentences = [
    ...(running ? ['What is running keeps running, and disappears when it stops.'] : []),
    parts.length === 0
      ? 'The definition is deleted.'
      : `The definition is deleted, and with it for good:\n${parts.join('\n')}`,
    ...(choice.disks.size === 0 ? ['All disks are kept.'] : []),
  ];
  return sentences.join('\n\n');
}
