import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { displayName } from '../../ui/names.ts';
import type { Presenter } from '../../ui/presenter.ts';
import { MonitorTerminal } from './terminal.ts';

/** Opens QEMU's monitor in a terminal. */
export function openMonitor(target: DomainTarget, presenter: Presenter): void {
  const name = t('Monitor: {0}', displayName(target.name));
  const terminal = vscode.window.createTerminal({
    name,
    pty: new MonitorTerminal(target, presenter),
    iconPath: new vscode.ThemeIcon('terminal'),
    isTransient: true,
  });
  terminal.show();
}
