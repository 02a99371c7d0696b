import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { DeletableFile, Leftovers } from '../../../model/operations/domain/leftovers.ts';
import { chooseMany } from '../../ui/choose.ts';
import { pickLabel } from '../../ui/names.ts';
import { nameOf } from './batch.ts';

/** What goes together with the definitions, as the person chose. */
export interface UndefineChoice {
  readonly managedSave: boolean;
  readonly nvram: boolean;
  readonly tpm: boolean;
  readonly snapshots: boolean;
  readonly checkpoints: boolean;
  readonly files: ReadonlySet<DeletableFile>;
}

type Part = Exclude<keyof UndefineChoice, 'files'>;

interface ChoiceItem extends vscode.QuickPickItem {
  readonly part: Part | DeletableFile;
}

/** Nothing to ask about is no question. Files are ticked beforehand only where they were to go before. */
export async function chooseWhatGoes(
  targets: readonly DomainTarget[],
  leftovers: readonly Leftovers[],
): Promise<UndefineChoice | undefined> {
  const items = [...recordItems(leftovers), ...stateItems(leftovers), ...leftovers.flatMap(fileItems)];
  const picked =
    items.length === 0
      ? []
      : await chooseMany(items, {
          title: chooseTitle(targets),
          placeHolder: leftovers.some(({ begun }) => begun !== undefined)
            ? t('An earlier attempt did not finish: what was chosen then is ticked.')
            : t('Anything you leave unticked is kept. Disks are kept unless you tick them.'),
          ignoreFocusOut: true,
        });
  if (picked === undefined) return undefined;
  const parts = picked.map(({ part }) => part);
  return {
    managedSave: parts.includes('managedSave'),
    nvram: parts.includes('nvram'),
    tpm: parts.includes('tpm'),
    snapshots: parts.includes('snapshots'),
    checkpoints: parts.includes('checkpoints'),
    files: new Set(parts.filter((part) => typeof part === 'object')),
  };
}

function chooseTitle(targets: readonly DomainTarget[]): string {
  const [first] = targets;
  return targets.length === 1 && first !== undefined
    ? t('Undefine {0}: what should go with it?', nameOf(first))
    : t('Undefine {0} domains: what should go with them?', targets.length);
}

/** What libvirt knows of them, and refuses to leave behind. */
function recordItems(leftovers: readonly Leftovers[]): readonly ChoiceItem[] {
  const items: ChoiceItem[] = [];
  const snapshots = leftovers.reduce((sum, one) => sum + one.snapshots, 0);
  const checkpoints = leftovers.reduce((sum, one) => sum + one.checkpoints, 0);
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
  if (checkpoints > 0)
    items.push({
      part: 'checkpoints',
      label:
        checkpoints === 1
          ? t('The record (metadata) of 1 checkpoint')
          : t('The records (metadata) of {0} checkpoints', checkpoints),
      detail: t('libvirt refuses to undefine a domain that keeps it; the data inside the disks stays'),
      picked: true,
    });
  return items;
}

/** What firmware and TPM remember. A TPM may hold the only key of a disk. */
function stateItems(leftovers: readonly Leftovers[]): readonly ChoiceItem[] {
  const items: ChoiceItem[] = [];
  const settings = leftovers.flatMap(({ nvram }) => (nvram?.canDelete === true ? [nvram] : []));
  const [first] = settings;
  if (first !== undefined)
    items.push({
      part: 'nvram',
      label: t('NVRAM'),
      ...(settings.length === 1 && first.place !== undefined ? { description: pickLabel(first.place) } : {}),
      detail: t('The UEFI settings file'),
      picked: leftovers.every(({ begun }) => begun?.nvram !== false),
    });
  if (leftovers.some(({ tpm }) => tpm?.fate === 'chosen'))
    items.push({
      part: 'tpm',
      label: t('TPM state'),
      detail: t('What the guest encrypted with the keys in it cannot be read any more'),
      picked: leftovers.some(({ begun }) => begun?.tpm === true),
    });
  return items;
}

function fileItems({ target, files, begun }: Leftovers): readonly ChoiceItem[] {
  return files.map((file) => ({
    part: file,
    label: fileLabel(file),
    description:
      file.pool === undefined
        ? t('of {0}, outside of all pools', nameOf(target))
        : t('of {0}, in pool {1}', nameOf(target), pickLabel(file.pool)),
    picked: begun?.paths.includes(file.path) === true,
  }));
}

function fileLabel({ role, path }: DeletableFile): string {
  const name = pickLabel(path);
  switch (role) {
    case 'disk':
      return t('Disk {0}', name);
    case 'backing':
      return t('Image below a disk {0}', name);
    case 'snapshot':
      return t('File of a snapshot {0}', name);
    case 'medium':
      return t('Medium {0}', name);
  }
}
