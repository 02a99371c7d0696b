import { t } from '@vscode/l10n';
/** One word of a gdb command. */
export function gdbQuoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** Sources that the program has in one folder are in another one here. */
export function substitutePath(from: string, to: string): string {
  return t('set substitute-path {0} {1}', gdbQuoted(from), gdbQuoted(to));
}
