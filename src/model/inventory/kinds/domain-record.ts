import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import {
  type DomainState,
  isActive,
  type StateReason,
  stateReason,
} from '../../../client/libvirt/domain/state.ts';

/**
 * What a domain looks like to a person: libvirt's states, `saved` for one that left its memory on disk, and
 * `start-failed` for one that is off since it could not be started.
 */
export type DomainCondition = DomainState | 'saved' | 'start-failed';

export interface DomainSize {
  readonly vcpus: number;
  /** What it has now, in KiB. */
  readonly memoryKiB: number;
}

/** What is known of one domain. Never changed in place: a new record replaces the old one. */
export interface DomainRecord {
  readonly uuid: string;
  readonly name: string;
  /** Only while it is active. */
  readonly id: number | undefined;
  readonly state: DomainState;
  /** Empty when libvirt does not say. */
  readonly reason: StateReason;
  readonly persistent: boolean;
  readonly autostart: boolean;
  readonly managedSave: boolean;
  /** Unknown until somebody looks: a large host would need a call for each domain. */
  readonly size: DomainSize | undefined;
  /** When it was seen to enter this state; unknown when it already was in it as we came. */
  readonly since: Date | undefined;
}

/** What a person calls the state of a domain. */
export function conditionOf({ managedSave, reason, state }: DomainRecord): DomainCondition {
  if (isActive(state)) return state;
  if (managedSave) return 'saved';
  // libvirt calls one crashed only while its process is kept.
  return reason === 'crashed' || reason === 'start-failed' ? reason : state;
}

/** What libvirt pauses a domain for, and lets it go on after. */
const WORK = new Set<StateReason>(['dumping', 'saving', 'taking-snapshot']);

/** Whether a domain is paused for some work of libvirt's. */
export function isPausedForWork({ state, reason }: Pick<DomainRecord, 'state' | 'reason'>): boolean {
  return state === 'paused' && WORK.has(reason);
}

/** How libvirt calls name this domain. */
export function refOf(record: DomainRecord): DomainRef {
  return { name: record.name, uuid: record.uuid, id: record.id ?? -1 };
}

/** What libvirt's calls say of a domain. */
export interface DomainReading {
  readonly ref: DomainRef;
  readonly state: DomainState;
  readonly reason: number;
  readonly persistent: boolean;
  readonly autostart: boolean;
  readonly managedSave: boolean;
  readonly size: DomainSize | undefined;
}

/** What was read as a record, without what only the record before it knows. */
export function recordOf(reading: DomainReading): DomainRecord {
  const { ref, state, persistent, autostart, managedSave, size } = reading;
  return {
    uuid: ref.uuid,
    name: ref.name,
    // It was read by another call, perhaps a moment before the domain was switched off.
    id: ref.id === -1 || state === 'shut-off' ? undefined : ref.id,
    state,
    reason: stateReason(state, reading.reason),
    persistent,
    autostart,
    managedSave,
    size,
    since: undefined,
  };
}

/** The record that follows `previous`: it keeps a size that was not read again, and sees when the state changes. */
export function nextRecord(previous: DomainRecord | undefined, now: DomainRecord): DomainRecord {
  return {
    ...now,
    size: now.size ?? previous?.size,
    since: previous === undefined || previous.state === now.state ? previous?.since : new Date(),
  };
}

/** Whether two records say the same to a person. */
export function sameRecord(a: DomainRecord, b: DomainRecord): boolean {
  return (
    a.name === b.name &&
    a.id === b.id &&
    a.state === b.state &&
    a.reason === b.reason &&
    a.persistent === b.persistent &&
    a.autostart === b.autostart &&
    a.managedSave === b.managedSave &&
    a.size?.vcpus === b.size?.vcpus &&
    a.size?.memoryKiB === b.size?.memoryKiB
  );
}
