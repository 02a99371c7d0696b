import type { DomainAction } from '../../model/inventory/kinds/domain-actions.ts';
import type { KindName } from '../../model/inventory/kinds/kind.ts';
import type { Command, Menu, Place } from './command.ts';
import type { DomainSubmenu } from './submenus.ts';

/** One command may stand in several groups: in the menu, and as a button beside the item (`inline`). */
type Groups = readonly [string, ...string[]];

/** Hosts by their state, as their context value has it. */
type HostState = 'connected' | 'connecting' | 'disconnected' | 'failed' | 'reconnecting';

/** Guests of a kvm.yaml by their state, as their context value has it. */
type GuestState = 'not-created' | 'paused' | 'running' | 'shut-off' | 'unknown';

function all(...conditions: readonly (string | undefined)[]): string {
  return conditions.filter((condition) => condition !== undefined).join(' && ');
}

function itemPlaces(view: string, item: string, groups: Groups): readonly Place[] {
  const when = all(`view == ${view}`, `viewItem ${item}`);
  return groups.map((group) => ({ menu: 'view/item/context', group, when }));
}

/** The title of the Hosts view. */
export function hostsTitle(group: string, when?: string): Place {
  return { menu: 'view/title', group, when: all('view == kvm.hosts', when) };
}

/** The title of the Workspace view. */
export function workspaceTitle(group: string, when?: string): Place {
  return { menu: 'view/title', group, when: all('view == kvm.workspace', when) };
}

/**
 * Domains of the Hosts view that the action is possible with: their context value lists what is. Behind the semicolon
 * stands what is possible with others of the selection: menus offer that too, buttons do not.
 */
export function onDomain(action: DomainAction, ...groups: Groups): readonly Place[] {
  return groups.flatMap((group) => {
    const own = group.startsWith('inline') ? '([^;]*,)?' : '(.*[,;])?';
    return itemPlaces('kvm.hosts', `=~ /^domain:${own}${action},/`, [group]);
  });
}

/** Objects of a kind in the Hosts view that the action is possible with, by the names that the kind gives. */
export function onObject(kind: KindName, action: string, ...groups: Groups): readonly Place[] {
  return itemPlaces('kvm.hosts', `=~ /^${kind}:(.*,)?${action},/`, groups);
}

/** The line above all objects of a kind. */
export function onBranch(kind: KindName, ...groups: Groups): readonly Place[] {
  return itemPlaces('kvm.hosts', `== branch:${kind}`, groups);
}

/** A submenu of the menu of domains: what it has stands there where it is possible. */
export function inSubmenu(menu: DomainSubmenu, action: DomainAction, group: string): readonly Place[] {
  return onDomain(action, group).map((place) => ({ ...place, menu }));
}

/** Hosts in one of these states; in any, when there is none. */
export function onHost(states: readonly HostState[], ...groups: Groups): readonly Place[] {
  const state = states.length === 0 ? '' : `(${states.join('|')}):`;
  return itemPlaces('kvm.hosts', `=~ /^host:${state}/`, groups);
}

/** Hosts that a person added. */
export function onAddedHost(...groups: Groups): readonly Place[] {
  return itemPlaces('kvm.hosts', '=~ /^host:[a-z]+:configured/', groups);
}

/** The line below a host that has no domains. */
export function onEmptyHost(...groups: Groups): readonly Place[] {
  return itemPlaces('kvm.hosts', '== message:empty', groups);
}

/** Guests of the Workspace view in one of these states; in any, when there is none. */
export function onGuest(states: readonly GuestState[], ...groups: Groups): readonly Place[] {
  return itemPlaces('kvm.workspace', `=~ /^guest:${stateOf(states)},/`, groups);
}

/** Guests whose declaration has what the command needs. */
export function onGuestWith(
  part: 'provision' | 'ssh',
  states: readonly GuestState[],
  ...groups: Groups
): readonly Place[] {
  return itemPlaces('kvm.workspace', `=~ /^guest:${stateOf(states)},(.*,)?${part},/`, groups);
}

function stateOf(states: readonly GuestState[]): string {
  return states.length === 0 ? '[a-z-]+' : `(${states.join('|')})`;
}

/** The lines of the Workspace view that are no guests. */
export function onWorkspaceItem(
  item: 'address' | 'dropped' | 'file' | 'port:tcp',
  ...groups: Groups
): readonly Place[] {
  return itemPlaces('kvm.workspace', `== ${item}`, groups);
}

/** Files and folders in VS Code's Explorer. */
export function inExplorer(place: number, when: string): Place {
  return { menu: 'explorer/context', group: `7_kvm@${place}`, when };
}

/** The tab of an editor: its context menu. */
export function onTab(place: number, when: string): Place {
  return { menu: 'editor/title/context', group: `7_kvm@${place}`, when };
}

/** What is done with the display in front: from its title and the palette. */
export function onDisplay(group: string, when?: string): Pick<Command, 'menus' | 'palette'> {
  const shown = all('activeWebviewPanelId == kvm.display', when);
  return { palette: shown, menus: [{ menu: 'editor/title', group, when: shown }] };
}

/** What is done with the serial console in front: from its menus and the palette. */
export function onConsole(group: string, when: string): Pick<Command, 'menus' | 'palette'> {
  const menus: readonly Menu[] = ['terminal/context', 'terminal/title/context'];
  return { palette: when, menus: menus.map((menu) => ({ menu, group, when })) };
}
