import { t } from '@vscode/l10n';
import { reasonText, type StateReason } from '../../client/libvirt/domain/state.ts';
import {
  conditionOf,
  type DomainCondition,
  type DomainRecord,
} from '../../model/inventory/kinds/domain-record.ts';

const CONDITIONS: Record<DomainCondition, () => string> = {
  'no-state': () => t('no state'),
  running: () => t('running'),
  blocked: () => t('running'),
  paused: () => t('paused'),
  'shutting-down': () => t('shutting down'),
  'shut-off': () => t('shut off'),
  crashed: () => t('crashed'),
  suspended: () => t('suspended'),
  saved: () => t('saved'),
  'start-failed': () => t('failed to start'),
};

/** The condition in words. */
function conditionText(domain: DomainRecord): string {
  return CONDITIONS[conditionOf(domain)]();
}

/** Reasons that only say that all is as somebody wanted it. */
const ORDINARY = new Set<StateReason>([
  '',
  'booted',
  'unpaused',
  'by-user',
  'shut-down',
  'forced-off',
  'saved',
]);

/** The condition and, where libvirt gives one that a person should notice, the reason. */
export function conditionWithReason(domain: DomainRecord): string {
  return ORDINARY.has(domain.reason) ? conditionText(domain) : conditionWithAnyReason(domain);
}

/** The condition and whatever reason libvirt gives. */
export function conditionWithAnyReason(domain: DomainRecord): string {
  const text = conditionText(domain);
  const reason = reasonText(domain.reason);
  return reason === '' || reason === text ? text : withReason(text, reason);
}

function withReason(condition: string, reason: string): string {
  return t('{0} ({1})', condition, reason);
}

const UNITS: readonly ((value: number) => string)[] = [
  (value) => t('{0} KiB', value),
  (value) => t('{0} MiB', value),
  (value) => t('{0} GiB', value),
  (value) => t('{0} TiB', value),
];

/** A size in binary units: 1536 KiB is 1.5 MiB. */
export function sizeText(kib: number): string {
  let value = kib;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const shown = Number(value.toFixed(value < 10 ? 1 : 0));
  return UNITS[unit]?.(shown) ?? '';
}
