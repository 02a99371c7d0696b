import type { Effect } from './facets.ts';

/** What a change takes, as a remark behind it. */
export function conciseChange(effect: Effect, running: boolean): string {
  switch (effect) {
    case 'now':
      return '';
    case 'restart':
      return running ? '    # needs a restart' : '';
    case 'rebuild':
      return '    # needs Rebuild';
    case 'provision':
      return '    # needs Provision';
  }
}

/** a, b and c. */
export function listed(words: readonly string[], joint = 'and'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${joint} ${last}`;
}
