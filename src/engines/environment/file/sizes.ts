import { t } from '@vscode/l10n';

const POWERS = { K: 1, M: 2, G: 3, T: 4 } as const;

/** The bytes of a size with its unit: `1.5 GiB`, `512M` (both binary), `2 GB` (decimal). */
export function parseBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?) ?([KMGT])(i?B?)$/u.exec(text);
  const [, number = '', letter = '', rest] = match ?? [];
  if (match === null) throw new RangeError(t('“{0}” is not a size', text));
  const base = rest === 'B' ? 1000 : 1024;
  return Math.round(Number(number) * base ** POWERS[letter as keyof typeof POWERS]);
}

/** The shortest exact way to write bytes that parseBytes reads. */
export function writeBytes(bytes: number): string {
  for (const [letter, power] of Object.entries(POWERS).toReversed()) {
    const value = bytes / 1024 ** power;
    if (value >= 1 && Number.isInteger(value * 4)) return `${value} ${letter}iB`;
  }
  // not for people: it goes into kvm.yaml
  return `${Math.ceil(bytes / 1024)} KiB`;
}
