import { t } from '@vscode/l10n';
import type { Automaton } from './automaton.ts';
import { SchemaError } from './grammar.ts';
import { readPattern } from './xsd-regex.ts';

/** A data type with its facets: what a `data` pattern allows. */
export interface DataType {
  /** `string`, `token`, or `xsd:` and the name in XML Schema. */
  readonly name: string;
  readonly facets: readonly (readonly [name: string, value: string])[];
  allows(text: string): boolean;
}

type WhiteSpace = 'preserve' | 'replace' | 'collapse';

interface Builtin {
  readonly whiteSpace: WhiteSpace;
  /** What it is called in a sentence: “a whole number from 0 to 255”. */
  readonly noun: () => string;
  /** Takes the value with its white space already dealt with. */
  readonly allows: (text: string) => boolean;
  /** For types with an order: compares as numbers do. */
  readonly number?: 'integer' | 'decimal' | 'float';
  /** Two values of the type are equal when this is equal; without it, when their texts are. */
  readonly canonical?: (text: string) => string;
}

/** Longer ones are nothing that libvirt counts with. */
const DIGITS_MAX = 4000;
const INTEGER = /^[+-]?[0-9]+$/;
const DECIMAL = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/;
const FLOAT = /^(?:[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?|-?INF|NaN)$/;
const NAME_START = String.raw`\p{L}\p{Nl}_`;
const NAME_PART = String.raw`${NAME_START}\p{Nd}\p{Mn}\p{Mc}.\-\u{B7}`;
const NCNAME = new RegExp(`^[${NAME_START}][${NAME_PART}]*$`, 'u');
const NAME = new RegExp(`^[${NAME_START}:][${NAME_PART}:]*$`, 'u');
const NMTOKEN = new RegExp(`^[${NAME_PART}:]+$`, 'u');
const QNAME = new RegExp(`^[${NAME_START}][${NAME_PART}]*(?::[${NAME_START}][${NAME_PART}]*)?$`, 'u');
const ZONE = String.raw`(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?`;
const CLOCK = String.raw`(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)`;
const DAY = String.raw`-?(?:[1-9][0-9]{3,}|0[0-9]{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])`;

function text(
  whiteSpace: WhiteSpace,
  noun: () => string,
  allows: (text: string) => boolean = () => true,
): Builtin {
  return { whiteSpace, noun, allows };
}

function matching(noun: () => string, expression: RegExp): Builtin {
  return text('collapse', noun, (value) => expression.test(value));
}

function integer(noun: () => string, min?: bigint, max?: bigint): Builtin {
  return {
    whiteSpace: 'collapse',
    noun,
    number: 'integer',
    canonical: (value) => BigInt(value.replace(/^\+/, '')).toString(),
    allows: (value) => {
      if (value.length > DIGITS_MAX || !INTEGER.test(value)) return false;
      if (min === undefined && max === undefined) return true;
      const number = BigInt(value.replace(/^\+/, ''));
      return (min === undefined || number >= min) && (max === undefined || number <= max);
    },
  };
}

function number(expression: RegExp): Builtin {
  return text(
    'collapse',
    () => t('a number'),
    (value) => value.length <= DIGITS_MAX && expression.test(value),
  );
}

function signed(bits: bigint): Builtin {
  const limit = 1n << (bits - 1n);
  const [min, max] = [-limit, limit - 1n];
  return integer(() => t('a whole number from {0} to {1}', String(min), String(max)), min, max);
}

function unsigned(bits: bigint): Builtin {
  const limit = (1n << bits) - 1n;
  const max = bits === 64n ? '2⁶⁴ − 1' : String(limit);
  return integer(() => t('a whole number from {0} to {1}', 0, max), 0n, limit);
}

function dated(noun: () => string, expression: string): Builtin {
  const whole = new RegExp(`^${expression}$`);
  return text('collapse', noun, (value) => whole.test(value) && isCalendarDay(value));
}

const TYPES: Readonly<Record<string, Builtin>> = {
  string: text('preserve', () => t('text')),
  token: text('collapse', () => t('text')),
  'xsd:string': text('preserve', () => t('text')),
  'xsd:normalizedString': text('replace', () => t('text')),
  'xsd:token': text('collapse', () => t('text')),
  'xsd:language': matching(() => t('a language'), /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/),
  'xsd:Name': matching(() => t('a name'), NAME),
  'xsd:NCName': matching(() => t('a name without spaces or colons'), NCNAME),
  'xsd:NMTOKEN': matching(() => t('a name'), NMTOKEN),
  'xsd:ID': matching(() => t('a name'), NCNAME),
  'xsd:IDREF': matching(() => t('a name'), NCNAME),
  'xsd:QName': matching(() => t('a name'), QNAME),
  'xsd:anyURI': text('collapse', () => t('a URI'), isUri),
  'xsd:boolean': {
    ...matching(() => t('true or false'), /^(?:true|false|1|0)$/),
    canonical: (value) => String(value === 'true' || value === '1'),
  },
  'xsd:integer': integer(() => t('a whole number')),
  'xsd:positiveInteger': integer(() => t('a whole number above 0'), 1n),
  'xsd:nonNegativeInteger': integer(() => t('a whole number from 0 on'), 0n),
  'xsd:nonPositiveInteger': integer(() => t('a whole number up to 0'), undefined, 0n),
  'xsd:negativeInteger': integer(() => t('a whole number below 0'), undefined, -1n),
  'xsd:long': signed(64n),
  'xsd:int': signed(32n),
  'xsd:short': signed(16n),
  'xsd:byte': signed(8n),
  'xsd:unsignedLong': unsigned(64n),
  'xsd:unsignedInt': unsigned(32n),
  'xsd:unsignedShort': unsigned(16n),
  'xsd:unsignedByte': unsigned(8n),
  'xsd:decimal': { ...number(DECIMAL), number: 'decimal' },
  'xsd:double': {
    ...number(FLOAT),
    number: 'float',
    canonical: (value) => String(toFloat(value)),
  },
  'xsd:float': {
    ...number(FLOAT),
    number: 'float',
    canonical: (value) => String(toFloat(value)),
  },
  'xsd:dateTime': dated(() => t('a date and time such as 2024-12-31T23:59:59'), `${DAY}T${CLOCK}${ZONE}`),
  'xsd:date': dated(() => t('a date such as 2024-12-31'), `${DAY}${ZONE}`),
  'xsd:time': matching(() => t('a time such as 23:59:59'), new RegExp(`^${CLOCK}${ZONE}$`)),
  'xsd:duration': matching(
    () => t('a duration such as PT5M'),
    /^-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?=.)(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?$/,
  ),
  'xsd:hexBinary': matching(() => t('hexadecimal digits'), /^(?:[0-9A-Fa-f]{2})*$/),
  'xsd:base64Binary': matching(
    () => t('base64'),
    /^(?:(?:[A-Za-z0-9+/] ?){4})*(?:(?:[A-Za-z0-9+/] ?){3}[A-Za-z0-9+/]|(?:[A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=|[A-Za-z0-9+/] ?[AQgw] ?= ?=)?$/,
  ),
};

/** What a type is called in a sentence: “a whole number from 0 to 255”. */
export function typeNoun(name: string): string {
  return TYPES[name]?.noun() ?? t('text');
}

/** Whether white space is a part of the type's values. */
export function keepsSpace(name: string): boolean {
  return TYPES[name]?.whiteSpace !== 'collapse';
}

/** How values of a type are ordered; undefined when they are not. */
export function numberKind(name: string): Builtin['number'] {
  return TYPES[name]?.number;
}

/** @throws SchemaError when the type is not known or a facet makes no sense */
export function makeDataType(name: string, facets: DataType['facets']): DataType {
  const builtin = typeOf(name);
  const checks = facets.map(([facet, value]) => makeFacet(name, builtin, facet, value));
  return {
    name,
    facets,
    allows: (raw) => {
      const value = strip(raw, builtin.whiteSpace);
      return builtin.allows(value) && checks.every((check) => check(value));
    },
  };
}

/** Whether a text is the value that a `value` pattern asks for, as its type compares them. */
export function isSameValue(name: string, wanted: string, raw: string): boolean {
  const type = typeOf(name);
  const [a, b] = [strip(wanted, type.whiteSpace), strip(raw, type.whiteSpace)];
  if (a === b) return true;
  return (
    type.canonical !== undefined &&
    type.allows(a) &&
    type.allows(b) &&
    type.canonical(a) === type.canonical(b)
  );
}

function typeOf(name: string): Builtin {
  const type = TYPES[name];
  if (type === undefined) throw new SchemaError(`The type ${name} is not known`);
  return type;
}

function makeFacet(type: string, builtin: Builtin, facet: string, value: string): (text: string) => boolean {
  switch (facet) {
    case 'pattern':
      return pattern(type, value);
    case 'minInclusive':
      return (text) => compare(builtin, text, value, (order) => order >= 0);
    case 'maxInclusive':
      return (text) => compare(builtin, text, value, (order) => order <= 0);
    case 'minExclusive':
      return (text) => compare(builtin, text, value, (order) => order > 0);
    case 'maxExclusive':
      return (text) => compare(builtin, text, value, (order) => order < 0);
    case 'length':
      return (text) => characters(text) === Number(value);
    case 'minLength':
      return (text) => characters(text) >= Number(value);
    case 'maxLength':
      return (text) => characters(text) <= Number(value);
    case 'totalDigits':
      return (text) => text.replace(/^[+-]?0*/, '').replaceAll(/\D/g, '').length <= Number(value);
    case 'fractionDigits':
      return (text) => (text.split('.')[1] ?? '').replace(/0+$/, '').length <= Number(value);
    default:
      throw new SchemaError(`The type ${type} has no facet “${facet}”`);
  }
}

function pattern(type: string, value: string): (text: string) => boolean {
  // Most patterns of a schema are never asked about; reading one takes longer than a match.
  let automaton: Automaton | undefined;
  return (text) => {
    try {
      automaton ??= readPattern(value);
    } catch (error) {
      throw new SchemaError(`The pattern ${value} of ${type} is not understood`, { cause: error });
    }
    return automaton.matches(text);
  };
}

function compare(builtin: Builtin, text: string, limit: string, holds: (order: number) => boolean): boolean {
  if (builtin.number === 'integer' && INTEGER.test(limit)) {
    const difference = BigInt(text.replace(/^\+/, '')) - BigInt(limit.replace(/^\+/, ''));
    return holds(difference < 0n ? -1 : difference > 0n ? 1 : 0);
  }
  if (builtin.number !== undefined) return holds(toFloat(text) - toFloat(limit));
  return holds(text < limit ? -1 : text > limit ? 1 : 0);
}

function toFloat(text: string): number {
  // not for people: a number of JavaScript
  return Number(text.replace('INF', 'Infinity'));
}

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function strip(text: string, whiteSpace: WhiteSpace): string {
  if (whiteSpace === 'preserve') return text;
  if (whiteSpace === 'replace') return text.replaceAll(/[\t\n\r]/g, ' ');
  return /^[\t\n\r ]|[\t\n\r ]$|[\t\n\r]| {2}/.test(text)
    ? text.replaceAll(/[\t\n\r ]+/g, ' ').replaceAll(/^ | $/g, '')
    : text;
}

function isUri(value: string): boolean {
  if (/%(?![0-9A-Fa-f]{2})/.test(value) || value.split('#').length > 2) return false;
  const colon = value.search(/[:/?#]/);
  return (
    colon === -1 ||
    value[colon] !== ':' ||
    (colon > 0 && /^[A-Za-z][A-Za-z0-9+.-]*$/.test(value.slice(0, colon)))
  );
}

function isCalendarDay(value: string): boolean {
  const match = /^-?(\d+)-(\d\d)-(\d\d)/.exec(value);
  const [year, month, day] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return year !== 0 && day <= (days[month - 1] ?? 0);
}
