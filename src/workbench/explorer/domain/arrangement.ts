import {
  conditionOf,
  type DomainCondition,
  type DomainRecord,
} from '../../../model/inventory/kinds/domain-record.ts';

export type DomainOrder = 'name' | 'state';

/** What is up comes first, then what could be resumed, then the rest. */
const STATE_RANK: Record<DomainCondition, number> = {
  crashed: 0,
  'start-failed': 0,
  running: 1,
  blocked: 1,
  'shutting-down': 2,
  paused: 3,
  suspended: 4,
  saved: 5,
  'shut-off': 6,
  'no-state': 7,
};

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** The domains that a person wants to see, in the order they chose. The filter is a part of the name. */
export function arrange(
  domains: Iterable<DomainRecord>,
  order: DomainOrder,
  filter: string,
): readonly DomainRecord[] {
  const wanted = filter.toLowerCase();
  const shown = [...domains].filter(({ name }) => name.toLowerCase().includes(wanted));
  return shown.toSorted((a, b) => {
    const rank = order === 'state' ? STATE_RANK[conditionOf(a)] - STATE_RANK[conditionOf(b)] : 0;
    return rank !== 0 ? rank : collator.compare(a.name, b.name);
  });
}
