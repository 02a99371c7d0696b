import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { type DomainAction, isPossible } from '../../../model/inventory/kinds/domain-actions.ts';
import { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { Host } from '../../../model/inventory/host.ts';
import { conditionWithReason } from '../../ui/describe.ts';
import { pickLabel } from '../../ui/names.ts';
import { plainItem } from '../../ui/plain.ts';
import type { CommandContext } from '../context.ts';
import { bestMatch } from './best-match.ts';

interface DomainPick extends vscode.QuickPickItem {
  readonly target?: DomainTarget;
  readonly connect?: Host;
}

export interface Question {
  readonly title: string;
  readonly action: DomainAction;
  readonly many: boolean;
  /** Ticked beforehand; one alone is only marked, so that Enter takes it. */
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
  const list = new DomainList(pick, question);
  const show = () => {
    list.show(inventory.hosts);
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
    pick.onDidChangeValue(() => list.search());
    pick.onDidChangeActive((items) => list.moveTo(items));
    pick.onDidAccept(() => {
      const { chosen } = list;
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
  return many ? t('Choose one, or tick several') : t('Choose one');
}

/**
 * The lines of the question. Where several can be ticked VS Code marks none by itself, so that Enter would mean nothing:
 * here one always has the mark, and Enter takes it unless something is ticked.
 */
class DomainList {
  readonly #pick: vscode.QuickPick<DomainPick>;
  readonly #question: Question;
  /** Ticked by us, and not touched since. */
  #given: readonly string[];
  /** The line with the mark. VS Code tells late that none had it for a moment, and never that it took ours. */
  #marked: DomainPick | undefined;
  /** What the lines say. */
  #shown: string | undefined;

  constructor(pick: vscode.QuickPick<DomainPick>, question: Question) {
    this.#pick = pick;
    this.#question = question;
    const selected = question.selected.map(({ id }) => id);
    this.#given = question.many && selected.length > 1 ? selected : [];
  }

  /** What Enter means now. */
  get chosen(): readonly DomainPick[] {
    const { canSelectMany, selectedItems } = this.#pick;
    if (canSelectMany && selectedItems.length > 0) return selectedItems;
    return this.#marked === undefined ? [] : [this.#marked];
  }

  /** Somebody moved the mark. */
  moveTo([line]: readonly DomainPick[]): void {
    this.#marked = line ?? this.#marked;
  }

  /** Shows what there is now; ticks and mark stay where they are. */
  show(hosts: readonly Host[]): void {
    const pick = this.#pick;
    const items = hosts.flatMap((host) => itemsOf(host, this.#question)).map(plainItem);
    const shown = items.map(contentOf).join('\n');
    // A tick that is on its way from the window belongs to the lines that it was made on: they stay while they can.
    if (shown === this.#shown) return;
    this.#shown = shown;
    const isFirst = pick.items.length === 0;
    const ticked = new Set(isFirst ? this.#given : this.#ticked());
    const marked = isFirst ? this.#question.selected[0]?.id : idOf(this.#marked);
    pick.items = items;
    if (this.#question.many)
      pick.selectedItems = pick.items.filter(({ target }) => ticked.has(target?.id ?? ''));
    this.#mark(lines(pick.items).find((item) => idOf(item) === marked));
  }

  /** Somebody types: they mean what they look for, and not what was ticked for them and is out of sight now. */
  search(): void {
    const given = this.#given;
    this.#given = [];
    const ticked = this.#ticked();
    const isUntouched = ticked.length === given.length && ticked.every((id) => given.includes(id));
    if (given.length > 0 && isUntouched) this.#pick.selectedItems = [];
    this.#mark(undefined);
  }

  #ticked(): readonly string[] {
    return this.#pick.selectedItems.flatMap(({ target }) => target?.id ?? []);
  }

  #mark(wanted: DomainPick | undefined): void {
    const line = wanted ?? bestMatch(lines(this.#pick.items), this.#pick.value);
    this.#marked = line;
    this.#pick.activeItems = line === undefined ? [] : [line];
  }
}

function lines(items: readonly DomainPick[]): readonly DomainPick[] {
  return items.filter(({ kind }) => kind !== vscode.QuickPickItemKind.Separator);
}

function contentOf(item: DomainPick): string {
  return JSON.stringify([idOf(item), item.label, item.description]);
}

function idOf(item: DomainPick | undefined): string | undefined {
  return item?.target?.id ?? item?.connect?.id;
}

function itemsOf(host: Host, { action }: Question): readonly DomainPick[] {
  const separator = { label: pickLabel(host.name), kind: vscode.QuickPickItemKind.Separator };
  // What is known of a host that is lost may not be so any more.
  if (host.status.kind !== 'connected' && host.status.kind !== 'connecting') {
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
