/** `virDomainEventType`, in libvirt's numbering, each with its details in theirs. */
const EVENTS = [
  ['defined', ['added', 'updated', 'renamed', 'from-snapshot']],
  ['undefined', ['removed', 'renamed']],
  ['started', ['booted', 'migrated', 'restored', 'from-snapshot', 'wakeup']],
  [
    'suspended',
    [
      'paused',
      'migrated',
      'io-error',
      'watchdog',
      'restored',
      'from-snapshot',
      'api-error',
      'postcopy',
      'postcopy-failed',
    ],
  ],
  ['resumed', ['unpaused', 'migrated', 'from-snapshot', 'postcopy', 'postcopy-failed']],
  [
    'stopped',
    ['shutdown', 'destroyed', 'crashed', 'migrated', 'saved', 'failed', 'from-snapshot', 'recreated'],
  ],
  ['shutdown', ['finished', 'by-guest', 'by-host']],
  ['pm-suspended', ['to-memory', 'to-disk']],
  ['crashed', ['panicked', 'crashloaded']],
] as const;

/** What happened to a domain; `other` is one that this version does not know. */
export type LifecycleName = (typeof EVENTS)[number][0] | 'other';
/** How that came about; undefined when this version does not know. */
export type LifecycleDetail = (typeof EVENTS)[number][1][number] | undefined;

/** `virDomainEventType` and its detail in words. */
export function lifecycleEvent(
  event: number,
  detail: number,
): { event: LifecycleName; detail: LifecycleDetail } {
  const known = EVENTS[event];
  return known === undefined
    ? { event: 'other', detail: undefined }
    : { event: known[0], detail: known[1][detail] };
}
