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

/** The reasons of each state in libvirt's numbering; index 0 is always “unknown”. */
const REASONS: Record<DomainState, readonly string[]> = {
  'no-state': [''],
  running: [
    '',
    'booted',
    'migrated',
    'restored',
    'restored from snapshot',
    'unpaused',
    'migration cancelled',
    'saving cancelled',
    'woken up',
    'crashed',
    'post-copy migration',
    'post-copy migration failed',
  ],
  blocked: [''],
  paused: [
    '',
    'by user',
    'migrating',
    'saving',
    'dumping',
    'I/O error',
    'watchdog',
    'restored from snapshot',
    'shutting down',
    'taking a snapshot',
    'crashed',
    'starting up',
    'post-copy migration',
    'post-copy migration failed',
    'API error',
  ],
  'shutting-down': ['', 'by user'],
  'shut-off': [
    '',
    'shut down',
    'forced off',
    'crashed',
    'migrated',
    'saved',
    'failed to start',
    'restored from snapshot',
    'daemon lost it',
  ],
  crashed: ['', 'panicked'],
  suspended: ['', 'to disk'],
};

/** A number this version does not know is `no-state`: newer daemons may have more states. */
export function domainState(state: number): DomainState {
  return STATES[state] ?? 'no-state';
}

/** Why the domain is in its state, in two or three words; empty when libvirt does not say. */
export function stateReason(state: DomainState, reason: number): string {
  return REASONS[state][reason] ?? '';
}

/** Whether the domain has a process: everything but shut off (and crashed, when it was kept only as a name). */
export function isActive(state: DomainState): boolean {
  return state !== 'shut-off' && state !== 'no-state';
}
