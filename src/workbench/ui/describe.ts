import { reasonText, type StateReason } from '../../client/libvirt/domain/state.ts';
import {
  conditionOf,
  type DomainCondition,
  type DomainRecord,
} from '../../model/inventory/kinds/domain-record.ts';

const CONDITIONS: Record<DomainCondition, string> = {
  'no-state': 'no state',
  running: 'running',
  blocked: 'running',
  paused: 'paused',
  'shutting-down': 'shutting down',
  'shut-off': 'shut off',
  crashed: 'crashed',
  suspended: 'suspended',
  saved: 'saved',
};

/** The condition in words. */
function conditionText(domain: DomainRecord): string {
  return CONDITIONS[conditionOf(domain)];
}

/** Reasons that only say that all is as somebody wanted it. */
const ORDINARY = new Set<StateReason>(['', 'booted', 'unpaused', 'by-user', 'shut-down', 'saved']);

/** The condition and, where libvirt gives one that a person should notice, the reason. */
export function conditionWithReason(domain: DomainRecord): string {
  const text = conditionText(domain);
  return ORDINARY.has(domain.reason) ? text : `${text} (${reasonText(domain.reason)})`;
}

/** The notable reason alone where there is one, since the icon already tells the condition. */
export function briefCondition(domain: DomainRecord): string {
  return ORDINARY.has(domain.reason) ? conditionText(domain) : reasonText(domain.reason);
}

/** The condition and whatever reason libvirt gives. */
export function conditionWithAnyReason(domain: DomainRecord): string {
  const text = conditionText(domain);
  const reason = reasonText(domain.reason);
  return reason === '' || reason === text ? text : `${text} (${reason})`;
}

/** A size in binary units: 1536 KiB is 1.5 MiB. */
export function sizeText(kib: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = kib;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toFixed(value < 10 ? 1 : 0))} ${units[unit]}`;
}
