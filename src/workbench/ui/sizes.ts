import { t } from '@vscode/l10n';

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** Bytes for a person: 512 bytes, 1.5 GiB. */
export function sizeText(bytes: number | bigint): string {
  let value = Number(bytes);
  if (value < 1024) return t('{0} bytes', value);
  let unit = -1;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  const shown = value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1);
  return `${shown} ${UNITS[unit] ?? ''}`;
}

/** What a person typed as a size, in bytes: `20`, `20G`, `1.5 TiB`. Undefined when it is none. */
export function parseSize(text: string): bigint | undefined {
  const [, number = '', letter = 'g'] =
    /^\s*(\d+(?:[.,]\d+)?)\s*(?:([kmgtp])(?:i?b)?)?\s*$/iu.exec(text) ?? [];
  if (number === '') return undefined;
  const factor = 1024 ** ('kmgtp'.indexOf(letter.toLowerCase()) + 1);
  const bytes = Number(number.replace(',', '.')) * factor;
  return Number.isSafeInteger(Math.round(bytes)) && bytes >= 1 ? BigInt(Math.round(bytes)) : undefined;
}
