import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { volumeKind, type VolumeRecord } from '../../../model/inventory/kinds/volume.ts';
import { displayName } from '../../ui/names.ts';
import { sizeText } from '../../ui/sizes.ts';
import type { Branch } from '../branch.ts';
import { type Row, tooltipOf } from '../rows.ts';

/** The volumes of a storage pool. */
export const volumeBranch: Branch<VolumeRecord> = {
  kind: volumeKind,
  icon: 'file-binary',
  get none() {
    return t('No volumes yet');
  },
  show: (item, record) => {
    item.description = describe(record);
    item.iconPath = new vscode.ThemeIcon(iconOf(record));
    item.tooltip = tooltip(record);
  },
};

function iconOf({ details }: VolumeRecord): string {
  if (details?.encrypted === true) return 'lock';
  if (details?.backing !== undefined) return 'layers';
  return details?.format === 'iso' ? 'disc' : details?.type === 'dir' ? 'folder' : 'file-binary';
}

/** What a guest sees comes first, then what it takes. */
function describe({ details }: VolumeRecord): string {
  if (details === undefined) return '';
  const { format, capacity, allocation, backing } = details;
  const parts = [
    capacity === allocation
      ? sizeText(capacity)
      : t('{0}, {1} used', sizeText(capacity), sizeText(allocation)),
    ...(format === undefined ? [] : [format]),
    ...(backing === undefined ? [] : [t('on {0}', baseName(backing.path))]),
  ];
  return displayName(parts.join(' · '));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function tooltip({ name, path, details }: VolumeRecord): vscode.MarkdownString {
  const rows: readonly Row[] = [
    ...(details === undefined
      ? []
      : ([
          [t('Size'), sizeText(details.capacity)],
          [t('Used'), sizeText(details.allocation)],
        ] as const)),
    ...(details?.format === undefined ? [] : ([[t('Format'), details.format]] as const)),
    ...(details?.backing === undefined ? [] : ([[t('Backing file'), details.backing.path]] as const)),
    ...(details?.encrypted === true ? ([[t('Encrypted'), t('yes')]] as const) : []),
    [t('Path'), path],
  ];
  return tooltipOf(name, rows);
}
