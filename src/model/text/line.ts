import { t } from '@vscode/l10n';
import { visible } from './visible.ts';

/** A value cannot stand in a line of a file: it would end the line and begin another. */
export class LineError extends Error {
  override readonly name = 'LineError';
  readonly code = 'line';

  constructor(value: string) {
    super(t('“{0}” contains a character that cannot stand in a line', visible(value).slice(0, 200)));
  }
}

// oxlint-disable-next-line no-control-regex -- that is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;

/** The value, which stays within its line. @throws LineError */
export function oneLine(value: string): string {
  if (CONTROL.test(value)) throw new LineError(value);
  return value;
}

/** The value, which stays one word where spaces or quotes have a meaning. @throws LineError */
export function oneWord(value: string): string {
  if (value === '' || /[\s"']/u.test(value)) throw new LineError(value);
  return oneLine(value);
}

/** The value in double quotes, for formats that know no way to write one within them. @throws LineError */
export function inQuotes(value: string): string {
  if (value.includes('"')) throw new LineError(value);
  return `"${oneLine(value)}"`;
}

/**
 * Writes a line of a file that is read line by line, such as an ssh config: no value can begin another line.
 * @throws LineError
 */
export function line(strings: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return `${strings.map((text, index) => text + oneLine(String(values[index] ?? ''))).join('')}\n`;
}
