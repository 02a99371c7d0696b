import { t } from '@vscode/l10n';

/** a, b and c. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : t('{0} and {1}', words.slice(0, -1).join(', '), last);
}

/** a, b or c. */
export function listedOr(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : t('{0} or {1}', words.slice(0, -1).join(', '), last);
}
