import { isActive } from '../../../client/libvirt/domain/state.ts';
import type { DomainRecord } from './domain-record.ts';

const active = ({ state }: DomainRecord) => isActive(state);
const stopped = ({ state }: DomainRecord) => !isActive(state);
const listening = ({ state }: DomainRecord) => state === 'running' || state === 'blocked';

/**
 * What can be done with a domain in which state: the one place that decides what is offered in menus (a tree
 * item lists its actions in its context value) and in the palette. The daemon still has the last word.
 */
const RULES = {
  start: stopped,
  startWithConsole: stopped,
  startPaused: (domain) => stopped(domain) && !domain.managedSave,
  shutdown: listening,
  reboot: listening,
  reset: active,
  forceOff: active,
  suspend: listening,
  resume: ({ state }) => state === 'paused',
  managedSave: (domain) => domain.persistent && (listening(domain) || domain.state === 'paused'),
  discardManagedSave: (domain) => stopped(domain) && domain.managedSave,
  enableAutostart: (domain) => domain.persistent && !domain.autostart,
  disableAutostart: (domain) => domain.persistent && domain.autostart,
  rename: (domain) => stopped(domain) && domain.persistent,
  undefine: ({ persistent }) => persistent,
  open: () => true,
  openConsole: () => true,
  debug: (domain) => active(domain) || (stopped(domain) && !domain.managedSave),
  copyLaunchJson: () => true,
  openMonitor: active,
  injectNmi: listening,
  dumpMemory: active,
  openDisplay: () => true,
  takeScreenshot: active,
  guestAgent: listening,
  editXml: () => true,
  showLiveXml: active,
  compareLive: (domain) => active(domain) && domain.persistent,
  compareSnapshot: ({ persistent }) => persistent,
  copyName: () => true,
  copyUuid: () => true,
  copyXml: () => true,
} satisfies Record<string, (domain: DomainRecord) => boolean>;

export type DomainAction = keyof typeof RULES;

export const DOMAIN_ACTIONS = Object.keys(RULES) as readonly DomainAction[];

/** These need nothing but what is known already. */
const WITHOUT_HOST: ReadonlySet<DomainAction> = new Set(['copyName', 'copyUuid']);

/** These are done to one domain at a time. */
const FOR_ONE: ReadonlySet<DomainAction> = new Set([
  'compareLive',
  'compareSnapshot',
  'debug',
  'dumpMemory',
  'guestAgent',
  'openMonitor',
  'rename',
]);

/** Whether it can be done to several domains at once. */
export function isForMany(action: DomainAction): boolean {
  return !FOR_ONE.has(action);
}

/** What may be offered of a domain: nothing that asks its host while that is lost. */
export function actionsOf(domain: DomainRecord, isLost: boolean): readonly DomainAction[] {
  return DOMAIN_ACTIONS.filter(
    (action) => isPossible(action, domain) && (!isLost || WITHOUT_HOST.has(action)),
  );
}

/** Whether an action makes sense in the state that the domain is in. */
export function isPossible(action: DomainAction, domain: DomainRecord): boolean {
  return RULES[action](domain);
}
