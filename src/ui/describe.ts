import { conditionOf, type DomainCondition, type DomainRecord } from '../inventory/domain-record.ts';

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

/** The condition and, where libvirt gives one that adds something, the reason. */
export function conditionWithReason(domain: DomainRecord): string {
  const text = conditionText(domain);
  const adds = domain.reason !== '' && domain.reason !== text && domain.reason !== 'shut down';
  return adds ? `${text} (${domain.reason})` : text;
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
