import type { DataType } from './datatype.ts';
import { typeNoun } from './datatype.ts';

interface Known {
  readonly words: string;
  /** Texts of which all are of the kind, and of which none is. */
  readonly takes: readonly string[];
  readonly refuses: readonly string[];
}

const STRANGE = ['', 'x', '?', 'lorem ipsum'];

/**
 * What schemas say in regular expressions and people in a word. What a type takes tells which it is, since the
 * expressions differ between versions of libvirt.
 */
const KNOWN: readonly Known[] = [
  {
    words: 'a UUID such as 4dea22b3-1d52-d8f3-2516-782e98ab3fa0',
    takes: ['4dea22b3-1d52-d8f3-2516-782e98ab3fa0'],
    refuses: [...STRANGE, '4dea22b3'],
  },
  {
    words: 'a UUID without dashes',
    takes: ['4dea22b31d52d8f32516782e98ab3fa0'],
    refuses: [...STRANGE, '4dea22b3'],
  },
  {
    words: 'a MAC address such as 52:54:00:12:34:56',
    takes: ['52:54:00:12:34:56'],
    refuses: [...STRANGE, '52:54', '192.168.122.1'],
  },
  {
    words: 'an IPv4 address such as 192.168.122.1',
    takes: ['192.168.122.1', '10.0.0.1'],
    refuses: [...STRANGE, '192', '1.2.3.4.5'],
  },
  {
    words: 'an IPv6 address such as fd00::1',
    takes: ['fd00::1', 'fe80:0:0:0:1:2:3:4'],
    refuses: [...STRANGE, '192.168.122.1'],
  },
  {
    words: 'an absolute path',
    takes: ['/var/lib/libvirt/images/disk.qcow2', '/dev/sda'],
    refuses: [...STRANGE, 'images/disk.qcow2'],
  },
  {
    words: 'a device name such as vda or sda',
    takes: ['vda', 'sdb', 'hdc'],
    refuses: [...STRANGE, 'eth0', '/dev/vda'],
  },
  {
    words: 'a hexadecimal number such as 0x1f',
    takes: ['0x1', '0x0f'],
    refuses: [...STRANGE, '0xzz', '1f.2'],
  },
  { words: 'a line of text', takes: ['a name: with (anything) in it…'], refuses: ['', 'two\nlines'] },
];

/** What kind of value a type takes, in words: “a whole number from 1 to 255”, “a MAC address such as …”. */
export function describeType(type: DataType): string {
  const values = new Map(type.facets);
  const pattern = values.get('pattern');
  const [min, max] = [values.get('minInclusive'), values.get('maxInclusive')];
  let text = typeNoun(type.name);
  const [noun = text] = text.split(' from ');
  if (min !== undefined && max !== undefined) text = `${noun} from ${min} to ${max}`;
  else if (min !== undefined) text = `${noun} of at least ${min}`;
  else if (max !== undefined) text = `${noun} of at most ${max}`;
  // That a number has digits goes without saying.
  const isPlain =
    pattern === undefined || (text.startsWith('a whole number') && /^\+?\[[01]-9\][+*]$/.test(pattern));
  if (!isPlain) text = knownWords(type) ?? lettersOf(pattern) ?? `${text} like ${cut(pattern)}`;
  const length = values.get('maxLength');
  return length === undefined ? text : `${text} of at most ${length} characters`;
}

function knownWords(type: DataType): string | undefined {
  const isKind = ({ takes, refuses }: Known): boolean =>
    takes.every((text) => type.allows(text)) && !refuses.some((text) => type.allows(text));
  return KNOWN.find(isKind)?.words;
}

const CLASS = /^\[((?:\\.|[^\]\\^])(?:\\.|[^\]\\])*)\][+*]$/;

/** “letters, digits and _ . -” of `[A-Za-z0-9_.-]+`. */
function lettersOf(pattern: string): string | undefined {
  const [, inside] = CLASS.exec(pattern) ?? [];
  if (inside === undefined || !/a-z/i.test(inside)) return undefined;
  const rest = inside.replaceAll(/[aA]-[zZ]|0-9/g, '');
  const signs = [...new Set(rest.replaceAll(/\\([^a-zA-Z])/g, '$1'))].filter((sign) => sign !== ' ');
  if (/[a-zA-Z]/.test(rest)) return undefined;
  const words = [
    'letters',
    ...(inside.includes('0-9') ? ['digits'] : []),
    ...(rest.includes(' ') ? ['spaces'] : []),
  ];
  if (signs.length > 0) words.push(signs.join(' '));
  const last = words.pop() ?? '';
  return words.length === 0 ? last : `${words.join(', ')} and ${last}`;
}

function cut(pattern: string): string {
  return pattern.length > 60 ? `${pattern.slice(0, 59)}…` : pattern;
}
