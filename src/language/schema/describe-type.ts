import { t } from '@vscode/l10n';
import type { DataType } from './datatype.ts';
import { numberKind, typeNoun } from './datatype.ts';

interface Known {
  readonly words: () => string;
  /** Texts of which all are of the kind, and of which none is. */
  readonly takes: readonly string[];
  readonly refuses: readonly string[];
}

// not for people: samples
const STRANGE = ['', 'x', '?', 'lorem ipsum'];

/**
 * What schemas say in regular expressions and people in a word. What a type takes tells which it is, since the
 * expressions differ between versions of libvirt.
 */
const KNOWN: readonly Known[] = [
  {
    words: () => t('a UUID such as 4dea22b3-1d52-d8f3-2516-782e98ab3fa0'),
    takes: ['4dea22b3-1d52-d8f3-2516-782e98ab3fa0'],
    refuses: [...STRANGE, '4dea22b3'],
  },
  {
    words: () => t('a UUID without dashes'),
    takes: ['4dea22b31d52d8f32516782e98ab3fa0'],
    refuses: [...STRANGE, '4dea22b3'],
  },
  {
    words: () => t('a MAC address such as 52:54:00:12:34:56'),
    takes: ['52:54:00:12:34:56'],
    refuses: [...STRANGE, '52:54', '192.168.122.1'],
  },
  {
    words: () => t('an IPv4 address such as 192.168.122.1'),
    takes: ['192.168.122.1', '10.0.0.1'],
    refuses: [...STRANGE, '192', '1.2.3.4.5'],
  },
  {
    words: () => t('an IPv6 address such as fd00::1'),
    takes: ['fd00::1', 'fe80:0:0:0:1:2:3:4'],
    refuses: [...STRANGE, '192.168.122.1'],
  },
  {
    words: () => t('an absolute path'),
    takes: ['/var/lib/libvirt/images/disk.qcow2', '/dev/sda'],
    refuses: [...STRANGE, 'images/disk.qcow2'],
  },
  {
    words: () => t('a device name such as vda or sda'),
    takes: ['vda', 'sdb', 'hdc'],
    refuses: [...STRANGE, 'eth0', '/dev/vda'],
  },
  {
    words: () => t('a hexadecimal number such as 0x1f'),
    takes: ['0x1', '0x0f'],
    refuses: [...STRANGE, '0xzz', '1f.2'],
  },
  {
    words: () => t('a line of text without “/”'),
    // not for people: samples
    takes: ['a name: with (anything) in it…'],
    // not for people: samples
    refuses: ['', 'two\nlines', 'one/other'],
  },
  {
    words: () => t('a line of text'),
    // not for people: samples
    takes: ['a name: with (anything) in it…'],
    // not for people: samples
    refuses: ['', 'two\nlines'],
  },
];

/** What kind of value a type takes, in words: “a whole number from 1 to 255”, “a MAC address such as …”. */
export function describeType(type: DataType): string {
  const values = new Map(type.facets);
  const pattern = values.get('pattern');
  // That a number has digits goes without saying.
  const isPlain =
    pattern === undefined || (numberKind(type.name) === 'integer' && /^\+?\[[01]-9\][+*]$/.test(pattern));
  const text = isPlain
    ? describeRange(type.name, values.get('minInclusive'), values.get('maxInclusive'))
    : (knownWords(type) ?? lettersOf(pattern) ?? anyBut(pattern) ?? t('text that matches {0}', cut(pattern)));
  const length = values.get('maxLength');
  return length === undefined ? text : t('{0}, at most {1} characters long', text, length);
}

function describeRange(type: string, min: string | undefined, max: string | undefined): string {
  if (min === undefined && max === undefined) return typeNoun(type);
  const kind = numberKind(type);
  if (kind === 'integer') {
    if (max === undefined) return t('a whole number of at least {0}', min ?? '');
    return min === undefined
      ? t('a whole number of at most {0}', max)
      : t('a whole number from {0} to {1}', min, max);
  }
  if (kind !== undefined) {
    if (max === undefined) return t('a number of at least {0}', min ?? '');
    return min === undefined ? t('a number of at most {0}', max) : t('a number from {0} to {1}', min, max);
  }
  if (max === undefined) return t('a value from {0} on', min ?? '');
  return min === undefined ? t('a value up to {0}', max) : t('a value from {0} to {1}', min, max);
}

function knownWords(type: DataType): string | undefined {
  const isKind = ({ takes, refuses }: Known): boolean =>
    takes.every((text) => type.allows(text)) && !refuses.some((text) => type.allows(text));
  return KNOWN.find(isKind)?.words();
}

const CLASS = /^\[((?:\\.|[^\]\\^])(?:\\.|[^\]\\])*)\][+*]$/;

/** “letters, digits and _ . -” of `[A-Za-z0-9_.-]+`. */
function lettersOf(pattern: string): string | undefined {
  const [, inside] = CLASS.exec(pattern) ?? [];
  if (inside === undefined || !/a-z/i.test(inside)) return undefined;
  const rest = inside.replaceAll(/[aA]-[zZ]|0-9/g, '');
  const signs = [...new Set(rest.replaceAll(/\\([^a-zA-Z])/g, '$1'))].filter((sign) => sign !== ' ');
  if (/[a-zA-Z]/.test(rest)) return undefined;
  const words = [t('letters')];
  if (inside.includes('0-9')) words.push(t('digits'));
  if (rest.includes(' ')) words.push(t('spaces'));
  if (signs.length > 0) words.push(signs.join(' '));
  const last = words.pop() ?? '';
  return words.length === 0 ? last : t('{0} and {1}', words.join(', '), last);
}

const NEGATED = /^\[\^((?:\\.|[^\]\\a-zA-Z0-9-])+)\](?:[+*]|\{\d+,(\d+)\})$/;

/** “text without “,”, at most 12 characters long” of `[^,]{0,12}`. */
function anyBut(pattern: string): string | undefined {
  const [, inside, most] = NEGATED.exec(pattern) ?? [];
  if (inside === undefined) return undefined;
  const signs = [...new Set(inside.replaceAll(/\\([^a-zA-Z])/g, '$1').replaceAll(/\\[nrt]/g, ''))];
  const text = signs.length === 0 ? t('a line of text') : t('text without “{0}”', signs.join(' '));
  return most === undefined ? text : t('{0}, at most {1} characters long', text, most);
}

function cut(pattern: string): string {
  return pattern.length > 60 ? `${pattern.slice(0, 59)}…` : pattern;
}
