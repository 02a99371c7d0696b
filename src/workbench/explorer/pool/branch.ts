import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { PoolDetails, PoolSpace } from '../../../model/inventory/kinds/pool-details.ts';
import { poolKind, type PoolRecord } from '../../../model/inventory/kinds/pool.ts';
import { displayName } from '../../ui/names.ts';
import { sizeText } from '../../ui/sizes.ts';
import type { Branch } from '../branch.ts';
import { type Row, tooltipOf } from '../rows.ts';
import { volumeBranch } from '../volume/branch.ts';

/** The storage pools of a host, with their volumes. */
export const poolBranch: Branch<PoolRecord> = {
  kind: poolKind,
  icon: 'database',
  get none() {
    return t('No storage pools yet');
  },
  below: { branch: volumeBranch, unfolds: ({ active }) => active },
  show: (item, record) => {
    item.description = describe(record);
    item.iconPath = iconOf(record);
    item.tooltip = tooltip(record);
  },
};

function iconOf({ active, details }: PoolRecord): vscode.ThemeIcon {
  if (!active) return new vscode.ThemeIcon('database', new vscode.ThemeColor('disabledForeground'));
  return isWell(details?.state)
    ? new vscode.ThemeIcon('database')
    : new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
}

function isWell(state: PoolDetails['state'] | undefined): boolean {
  return state === undefined || state === 'running' || state === 'building';
}

/** The state comes first, since a narrow side bar cuts the end off. */
function describe({ active, details }: PoolRecord): string {
  const space = details?.space;
  const parts = [
    active ? stateText(details?.state ?? 'running') : t('inactive'),
    ...(space === undefined ? [] : [t('{0} free', sizeText(space.available))]),
    ...(details === undefined ? [] : [details.type]),
  ];
  return displayName(parts.join(' · '));
}

function stateText(state: PoolDetails['state']): string {
  const states: Readonly<Record<PoolDetails['state'], string>> = {
    inactive: t('inactive'),
    building: t('being built'),
    running: t('active'),
    degraded: t('degraded'),
    inaccessible: t('inaccessible'),
    other: t('active'),
  };
  return states[state];
}

function tooltip({ name, uuid, active, autostart, persistent, details }: PoolRecord): vscode.MarkdownString {
  const space = details?.space;
  const rows: readonly Row[] = [
    [t('State'), active ? stateText(details?.state ?? 'running') : t('inactive')],
    ...(details === undefined ? [] : ([[t('Type'), details.type]] as const)),
    ...(space === undefined ? [] : spaceRows(space)),
    ...(details?.path === undefined ? [] : ([[t('Directory'), details.path]] as const)),
    ...(details?.source === undefined ? [] : ([[t('Source'), details.source]] as const)),
    [t('Autostart'), autostart ? t('yes') : t('no')],
    [t('Persistent'), persistent ? t('yes') : t('no: it disappears when it stops')],
    [t('UUID'), uuid],
  ];
  return tooltipOf(name, rows);
}

const BAR = 20;

/** The bar is text, so that it has the colours of the tooltip. Volumes may promise more than there is. */
function spaceRows({ capacity, allocation, available }: PoolSpace): readonly Row[] {
  const percent = capacity === 0n ? 0 : Number((allocation * 1000n) / capacity) / 10;
  const full = Math.max(0, Math.min(BAR, Math.round((percent / 100) * BAR)));
  return [
    ['', `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`],
    [t('Used'), t('{0} of {1} ({2} %)', sizeText(allocation), sizeText(capacity), percent.toFixed(0))],
    [t('Free'), sizeText(available)],
  ];
}
