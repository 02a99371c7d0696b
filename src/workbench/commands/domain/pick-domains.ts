import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { type DomainAction, isPossible } from '../../../model/inventory/kinds/domain-actions.ts';
import { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { Host } from '../../../model/inventory/host.ts';
import { conditionWithReason } from '../../ui/describe.ts';
import { pickLabel } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import { plainItem } from '../../ui/plain.ts';

interface DomainPick extends vscode.QuickPickItem {
  readonly target?: DomainTarget;
  readonly connect?: Host;
}

export interface Question {
  readonly title: string;
  readonly action: DomainAction;
  readonly many: boolean;
  /** Ticked beforehand. */
  readonly selected: readonly DomainTarget[];
}

/**
 * Asks which domains, of those with which the action is possible. Hosts of this machine are connected to
 * have something to offer; others are offered as “connect”, since that may ask for things or take long.
 */
export function pickDomains(
  { inventory, presenter }: CommandContext,
  question: Question,
): Promise<readonly DomainTarget[]> {
  const pick = vscode.window.createQuickPick<DomainPick>();
  pick.title = question.title;
  pick.canSelectMany = question.many;
  pick.matchOnDescription = true;
  pick.ignoreFocusOut = true;
  const show = () => {
    const ticked = new Set(pick.selectedItems.flatMap(({ target }) => target?.id ?? []));
    if (pick.items.length === 0) for (const { id } of question.selected) ticked.add(id);
    pick.items = inventory.hosts.flatMap((host) => itemsOf(host, question)).map(plainItem);
    if (question.many) pick.selectedItems = pick.items.filter(({ target }) => ticked.has(target?.id ?? ''));
    pick.busy = inventory.hosts.some(({ status }) => status.kind === 'connecting');
    pick.placeholder = placeholder(pick.items.length > 0 || pick.busy, question.many);
  };
  const connect = (host: Host) => {
    host
      .connect()
      .catch((error: unknown) => presenter.background(`Could not connect to ${host.name}`, error));
  };
  const connectTo = (items: readonly DomainPick[]) => {
    const hosts = items.flatMap((item) => item.connect ?? []);
    for (const host of hosts) connect(host);
    return hosts.length > 0;
  };
  const stopListening = inventory.onChange(show);
  return new Promise<readonly DomainTarget[]>((resolve) => {
    // Ticking “connect” is meant at once, not when the ticked domains are accepted.
    pick.onDidChangeSelection((items) => void connectTo(items));
    pick.onDidAccept(() => {
      const chosen = pick.canSelectMany ? pick.selectedItems : pick.activeItems;
      if (connectTo(chosen)) return;
      resolve(chosen.flatMap(({ target }) => target ?? []));
      pick.hide();
    });
    pick.onDidHide(() => {
      stopListening();
      pick.dispose();
      resolve([]);
    });
    show();
    pick.show();
    for (const host of inventory.hosts)
      if (host.definition.origin === 'local' && host.status.kind === 'disconnected') connect(host);
  });
}

function placeholder(hasItems: boolean, many: boolean): string {
  if (!hasItems) return t('No domain is in a state for this');
  return many ? t('Choose one or more') : t('Choose one');
}

function itemsOf(host: Host, { action }: Question): readonly DomainPick[] {
  const separator = { label: pickLabel(host.name), kind: vscode.QuickPickItemKind.Separator };
  if (host.status.kind === 'disconnected' || host.status.kind === 'failed') {
    const iconPath = new vscode.ThemeIcon(host.status.kind === 'failed' ? 'error' : 'debug-disconnect');
    const label = t('Connect to {0}', pickLabel(host.name));
    return [separator, { label, iconPath, connect: host, alwaysShow: true }];
  }
  const possible = [...host.domains.values()].filter((domain) => isPossible(action, domain));
  if (possible.length === 0) return [];
  return [
    separator,
    ...possible
      .toSorted((a, b) => a.name.localeCompare(b.name))
      .map((domain) => ({
        label: pickLabel(domain.name),
        description: conditionWithReason(domain),
        target: new DomainTarget(host, domain.uuid),
      })),
  ];
}
