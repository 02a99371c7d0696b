import { t } from '@vscode/l10n';

/** `virDomainState`: what a domain is doing. `saved` is ours: shut off, with a managed save image. */
export type DomainState =
  'no-state' | 'running' | 'blocked' | 'paused' | 'shutting-down' | 'shut-off' | 'crashed' | 'suspended';

const STATES: readonly DomainState[] = [
  'no-state',
  'running',
  'blocked',
  'paused',
  'shutting-down',
  'shut-off',
  'crashed',
  'suspended',
];

/** Why a domain is in its state; empty when libvirt does not say. */
export type StateReason =
  | ''
  | 'booted'
  | 'migrated'
  | 'restored'
  | 'from-snapshot'
  | 'unpaused'
  | 'migration-cancelled'
  | 'save-cancelled'
  | 'woken-up'
  | 'crashed'
  | 'post-copy'
  | 'post-copy-failed'
  | 'by-user'
  | 'migrating'
  | 'saving'
  | 'dumping'
  | 'io-error'
  | 'watchdog'
  | 'shutting-down'
  | 'taking-snapshot'
  | 'starting-up'
  | 'api-error'
  | 'shut-down'
  | 'forced-off'
  | 'saved'
  | 'start-failed'
  | 'lost'
  | 'panicked'
  | 'to-disk';

/** The reasons of each state in libvirt's numbering; index 0 is always “unknown”. */
const REASONS: Record<DomainState, readonly StateReason[]> = {
  'no-state': [''],
  running: [
    '',
    'booted',
    'migrated',
    'restored',
    'from-snapshot',
    'unpaused',
    'migration-cancelled',
    'save-cancelled',
    'woken-up',
    'crashed',
    'post-copy',
    'post-copy-failed',
  ],
  blocked: [''],
  paused: [
    '',
    'by-user',
    'migrating',
    'saving',
    'dumping',
    'io-error',
    'watchdog',
    'from-snapshot',
    'shutting-down',
    'taking-snapshot',
    'crashed',
    'starting-up',
    'post-copy',
    'post-copy-failed',
    'api-error',
  ],
  'shutting-down': ['', 'by-user'],
  'shut-off': [
    '',
    'shut-down',
    'forced-off',
    'crashed',
    'migrated',
    'saved',
    'start-failed',
    'from-snapshot',
    'lost',
  ],
  crashed: ['', 'panicked'],
  suspended: ['', 'to-disk'],
};

const WORDS: Record<StateReason, () => string> = {
  '': () => '',
  booted: () => t('booted'),
  migrated: () => t('migrated'),
  restored: () => t('restored'),
  'from-snapshot': () => t('restored from snapshot'),
  unpaused: () => t('unpaused'),
  'migration-cancelled': () => t('migration cancelled'),
  'save-cancelled': () => t('saving cancelled'),
  'woken-up': () => t('woken up'),
  crashed: () => t('crashed'),
  'post-copy': () => t('post-copy migration'),
  'post-copy-failed': () => t('post-copy migration failed'),
  'by-user': () => t('by user'),
  migrating: () => t('migrating'),
  saving: () => t('saving'),
  dumping: () => t('dumping memory'),
  'io-error': () => t('I/O error'),
  watchdog: () => t('watchdog'),
  'shutting-down': () => t('shutting down'),
  'taking-snapshot': () => t('taking a snapshot'),
  'starting-up': () => t('starting up'),
  'api-error': () => t('API error'),
  'shut-down': () => t('shut down'),
  'forced-off': () => t('forced off'),
  saved: () => t('saved'),
  'start-failed': () => t('failed to start'),
  lost: () => t('lost by the daemon'),
  panicked: () => t('panicked'),
  'to-disk': () => t('to disk'),
};

/** A number this version does not know is `no-state`: newer daemons may have more states. */
export function domainState(state: number): DomainState {
  return STATES[state] ?? 'no-state';
}

/** Why the domain is in its state: `reason` is libvirt's number for it. */
export function stateReason(state: DomainState, reason: number): StateReason {
  return REASONS[state][reason] ?? '';
}

/** The reason in two or three words, empty when there is none. */
export function reasonText(reason: StateReason): string {
  return WORDS[reason]();
}

/** Whether the domain has a process: everything but shut off (and crashed, when it was kept only as a name). */
export function isActive(state: DomainState): boolean {
  return state !== 'shut-off' && state !== 'no-state';
}
