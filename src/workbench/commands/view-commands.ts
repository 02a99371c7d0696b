import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { register } from '../ui/commands.ts';
import { quoted } from '../ui/names.ts';
import type { CommandContext } from './context.ts';

/** What the commands of the view's title need of it. */
export interface ArrangeableView {
  readonly filter: string;
  setFilter(filter: string): void;
  setOrder(order: 'name' | 'state'): void;
}

export function registerViewCommands(
  context: CommandContext,
  view: ArrangeableView,
  hosts: { update(): Promise<void> },
): readonly vscode.Disposable[] {
  return [
    register('kvm.refresh', () => refresh(context, hosts)),
    register('kvm.filter', () => askFilter(view)),
    register('kvm.clearFilter', () => view.setFilter('')),
    register('kvm.sortByName', () => view.setOrder('name')),
    register('kvm.sortByState', () => view.setOrder('state')),
    register('kvm.showLog', () => context.presenter.showLog()),
  ];
}

/** Events keep the tree right; this is for what has none, such as a daemon that was installed meanwhile. */
async function refresh(
  { inventory, presenter }: CommandContext,
  hosts: { update(): Promise<void> },
): Promise<void> {
  await hosts.update();
  for (const host of inventory.hosts) {
    try {
      await host.reload();
    } catch (error) {
      await presenter.failure(t('Could not read {0} again.', quoted(host.name)), error);
    }
  }
}

/** Filters while it is being typed; Escape brings back what was there before. */
async function askFilter(view: ArrangeableView): Promise<void> {
  const before = view.filter;
  const input = vscode.window.createInputBox();
  input.title = t('Filter Domains by Name');
  input.placeholder = t('Part of the name');
  input.value = before;
  let accepted = false;
  input.onDidChangeValue((value) => view.setFilter(value));
  input.onDidAccept(() => {
    accepted = true;
    input.hide();
  });
  await new Promise<void>((resolve) => {
    input.onDidHide(resolve);
    input.show();
  });
  if (!accepted) view.setFilter(before);
  input.dispose();
}
