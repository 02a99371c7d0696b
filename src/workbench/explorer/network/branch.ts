import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { type NetworkRecord, networkKind } from '../../../model/inventory/kinds/network.ts';
import { displayName } from '../../ui/names.ts';
import type { Branch } from '../branch.ts';
import { type Row, tooltipOf } from '../rows.ts';

/** The virtual networks of a host. */
export const networkBranch: Branch<NetworkRecord> = {
  kind: networkKind,
  icon: 'globe',
  get none() {
    return t('No networks yet');
  },
  show: (item, record) => {
    item.description = describe(record);
    item.iconPath = new vscode.ThemeIcon(
      'globe',
      record.active ? undefined : new vscode.ThemeColor('disabledForeground'),
    );
    item.tooltip = tooltip(record);
  },
};

/** The state comes first, since a narrow side bar cuts the end off. */
function describe({ active, details }: NetworkRecord): string {
  const parts = [
    active ? t('active') : t('inactive'),
    ...(details === undefined ? [] : [details.forward ?? t('isolated'), ...details.addresses]),
  ];
  return displayName(parts.join(' · '));
}

function tooltip(record: NetworkRecord): vscode.MarkdownString {
  const { name, uuid, active, autostart, persistent, details } = record;
  const rows: readonly Row[] = [
    [t('State'), active ? t('active') : t('inactive')],
    ...(details === undefined ? [] : ([[t('Forwarding'), details.forward ?? t('none: isolated')]] as const)),
    ...(details?.bridge === undefined ? [] : ([[t('Bridge'), details.bridge]] as const)),
    ...(details === undefined || details.addresses.length === 0
      ? []
      : ([[t('Addresses'), details.addresses.join(', ')]] as const)),
    [t('Autostart'), autostart ? t('yes') : t('no')],
    [t('Persistent'), persistent ? t('yes') : t('no: it disappears when it stops')],
    [t('UUID'), uuid],
  ];
  return tooltipOf(name, rows);
}
