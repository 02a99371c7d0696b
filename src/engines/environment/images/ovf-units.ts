/** Binary, whatever they are called: no tool that writes “MB” of memory means 1000 * 1000. */
const PREFIXES = ['k', 'm', 'g', 't', 'p'];
const WORD =
  /^(?:(?<prefix>[kmgtp])(?:i|ilo|ega|iga|era|eta|ibi|ebi)?)?(?<base>b|byte|bytes|octet|octets|bit|bits)$/u;
/** A prefix that is written apart from its unit. */
const APART = /\b(kilo|mega|giga|tera|peta|kibi|mebi|gibi|tebi|pebi)[\s_-]+(?=byte)/gu;
const FACTOR =
  /\s*(?<operator>[*×/])?\s*(?:(?<base>\d+)\s*(?:\^|\*\*)\s*(?<exponent>[+-]?\d+)|(?<number>\d+(?:\.\d+)?)|(?<word>[a-z]+))\s*/uy;

/**
 * The bytes of one unit as OVF files have it: DMTF's programmatic units (`byte * 2^20`, `byte * 10^6`, products), and
 * the words of older tools (`MegaBytes`, `GiB`, `KB`). Undefined for what is none of them: nobody guesses.
 */
export function bytesOfUnit(unit: string): number | undefined {
  const text = unit.trim().toLowerCase().replaceAll(APART, '$1');
  let bytes = 1;
  let words = 0;
  FACTOR.lastIndex = 0;
  while (FACTOR.lastIndex < text.length) {
    const parts = FACTOR.exec(text)?.groups;
    if (parts === undefined) return undefined;
    const factor = factorOf(parts);
    if (factor === undefined) return undefined;
    if (parts['word'] !== undefined) words += 1;
    bytes = parts['operator'] === '/' ? bytes / factor : bytes * factor;
  }
  return words === 1 && Number.isFinite(bytes) && bytes > 0 ? bytes : undefined;
}

function factorOf(parts: Readonly<Record<string, string | undefined>>): number | undefined {
  const { base, exponent, number, word } = parts;
  if (base !== undefined) return Number(base) ** Number(exponent);
  if (number !== undefined) return Number(number);
  const found = WORD.exec(word ?? '')?.groups;
  if (found === undefined) return undefined;
  const one = found['base']?.startsWith('bit') === true ? 1 / 8 : 1;
  const prefix = found['prefix'];
  return prefix === undefined ? one : one * 1024 ** (PREFIXES.indexOf(prefix) + 1);
}
