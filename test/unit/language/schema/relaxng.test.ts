import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { SchemaError } from '../../../../src/language/schema/grammar.ts';
import { isValid, schemaOf } from './grammars.ts';

interface Case {
  readonly name: string;
  readonly schema: string;
  readonly others?: Readonly<Record<string, string>>;
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
}

const a = (content: string): string => `<element name="a">${content}</element>`;

/** The verdicts are jing's. */
const CASES: readonly Case[] = [
  {
    name: 'empty',
    schema: a('<empty/>'),
    valid: ['<a/>', '<a> </a>', '<a><!-- c --></a>'],
    invalid: ['<a>x</a>', '<a><b/></a>', '<b/>'],
  },
  {
    name: 'text',
    schema: a('<text/>'),
    valid: ['<a/>', '<a>x</a>', '<a><![CDATA[<]]></a>'],
    invalid: ['<a><b/></a>'],
  },
  {
    name: 'notAllowed',
    schema: a('<choice><empty/><element name="b"><notAllowed/></element></choice>'),
    valid: ['<a/>'],
    invalid: ['<a><b/></a>'],
  },
  {
    name: 'group and optional',
    schema: a(
      '<element name="b"><empty/></element><optional><element name="c"><empty/></element></optional>',
    ),
    valid: ['<a><b/></a>', '<a> <b/> <c/> </a>'],
    invalid: ['<a><c/></a>', '<a><c/><b/></a>', '<a><b/><c/><c/></a>', '<a><b/>x<c/></a>'],
  },
  {
    name: 'interleave',
    schema: a(
      '<interleave><element name="b"><empty/></element><zeroOrMore><element name="c"><empty/></element></zeroOrMore><text/></interleave>',
    ),
    valid: ['<a><b/></a>', '<a><c/>x<b/>y<c/></a>'],
    invalid: ['<a><c/></a>', '<a><b/><b/></a>'],
  },
  {
    name: 'an interleave of groups keeps the order within each',
    schema: a(
      '<interleave><group><element name="b"><empty/></element><element name="c"><empty/></element></group><element name="d"><empty/></element></interleave>',
    ),
    valid: ['<a><b/><d/><c/></a>', '<a><d/><b/><c/></a>'],
    invalid: ['<a><c/><d/><b/></a>'],
  },
  {
    name: 'oneOrMore',
    schema: a('<oneOrMore><element name="b"><empty/></element></oneOrMore>'),
    valid: ['<a><b/></a>', '<a><b/><b/></a>'],
    invalid: ['<a/>'],
  },
  {
    name: 'mixed',
    schema: a('<mixed><element name="b"><empty/></element></mixed>'),
    valid: ['<a>x<b/>y</a>'],
    invalid: ['<a>x</a>'],
  },
  {
    name: 'attributes in any order',
    schema: a(
      '<attribute name="x"/><optional><attribute name="y"><value>1</value></attribute></optional><element name="b"><empty/></element>',
    ),
    valid: ['<a x=""><b/></a>', '<a y="1" x="2"><b/></a>'],
    invalid: ['<a y="1"><b/></a>', '<a x="" y="2"><b/></a>', '<a x="" z=""><b/></a>'],
  },
  {
    name: 'an attribute that decides about content',
    schema: a(
      '<choice><group><attribute name="t"><value>1</value></attribute><element name="b"><empty/></element></group><group><attribute name="t"><value>2</value></attribute><element name="c"><empty/></element></group></choice>',
    ),
    valid: ['<a t="1"><b/></a>', '<a t="2"><c/></a>'],
    invalid: ['<a t="1"><c/></a>', '<a t="3"><b/></a>', '<a><b/></a>'],
  },
  {
    name: 'elements of one name with different content',
    schema: a(
      '<choice><group><element name="b"><attribute name="x"/></element><element name="c"><empty/></element></group><element name="b"><attribute name="y"/></element></choice>',
    ),
    valid: ['<a><b x=""/><c/></a>', '<a><b y=""/></a>'],
    invalid: ['<a><b x=""/></a>', '<a><b y=""/><c/></a>'],
  },
  {
    name: 'value with and without type',
    schema: a('<choice><value>x y</value><value type="string"> z</value></choice>'),
    valid: ['<a>x y</a>', '<a>  x   y </a>', '<a> z</a>'],
    invalid: ['<a>z</a>', '<a>xy</a>'],
  },
  {
    name: 'data with except',
    schema: a('<data type="int"><except><value type="int">0</value></except></data>'),
    valid: ['<a>1</a>', '<a> -5 </a>'],
    invalid: ['<a>0</a>', '<a>00</a>', '<a>x</a>', '<a/>'],
  },
  {
    name: 'data with facets',
    schema: a(
      '<data type="unsignedLong"><param name="minInclusive">5</param><param name="maxInclusive">18446744073709551615</param></data>',
    ),
    valid: ['<a>5</a>', '<a>18446744073709551615</a>'],
    invalid: ['<a>4</a>', '<a>18446744073709551616</a>', '<a>-5</a>'],
  },
  {
    name: 'list',
    schema: a('<list><oneOrMore><data type="int"/></oneOrMore><optional><value>x</value></optional></list>'),
    valid: ['<a>1</a>', '<a> 1 2 x </a>'],
    invalid: ['<a/>', '<a>x</a>', '<a>1 x 2</a>'],
  },
  {
    name: 'any name but some',
    schema: a(
      '<zeroOrMore><element><anyName><except><name>b</name><nsName ns="u"/></except></anyName><empty/></element></zeroOrMore>',
    ),
    valid: ['<a><c/><q:c xmlns:q="v"/></a>'],
    invalid: ['<a><b/></a>', '<a><q:c xmlns:q="u"/></a>'],
  },
  {
    name: 'names of a namespace, and a choice of names',
    schema: a('<element><choice><nsName ns="u"/><name>d</name></choice><empty/></element>'),
    valid: ['<a><c xmlns="u"/></a>', '<a><d/></a>'],
    invalid: ['<a><c/></a>'],
  },
  {
    name: 'any attribute',
    schema: a('<zeroOrMore><attribute><anyName/></attribute></zeroOrMore>'),
    valid: ['<a/>', '<a x="" q:y="" xmlns:q="u"/>'],
    invalid: ['<a><b/></a>'],
  },
  {
    name: 'definitions that refer to each other',
    schema: `<grammar><start><ref name="a"/></start><define name="a">${a('<zeroOrMore><ref name="a"/></zeroOrMore>')}</define></grammar>`,
    valid: ['<a/>', '<a><a><a/></a><a/></a>'],
    invalid: ['<a><b/></a>'],
  },
  {
    name: 'combine',
    schema: `<grammar><start>${a('<ref name="c"/><ref name="i"/>')}</start><define name="c" combine="choice"><attribute name="x"/></define><define name="c"><attribute name="y"/></define><define name="i" combine="interleave"><element name="p"><empty/></element></define><define name="i" combine="interleave"><element name="q"><empty/></element></define></grammar>`,
    valid: ['<a x=""><q/><p/></a>', '<a y=""><p/><q/></a>'],
    invalid: ['<a x="" y=""><p/><q/></a>', '<a x=""><p/></a>'],
  },
  {
    name: 'include with an override',
    schema:
      '<grammar><include href="sub/other.rng"><define name="b"><attribute name="y"/></define></include></grammar>',
    others: {
      'sub/other.rng': `<grammar><include href="third.rng"/><start>${a('<ref name="b"/><ref name="c"/>')}</start><define name="b"><attribute name="x"/></define></grammar>`,
      'sub/third.rng': '<grammar><define name="c"><empty/></define></grammar>',
    },
    valid: ['<a y=""/>'],
    invalid: ['<a x=""/>', '<a/>'],
  },
  {
    name: 'a nested grammar with parentRef and externalRef',
    schema: `<grammar><start>${a('<grammar><start><group><ref name="b"/><parentRef name="b"/><externalRef href="e.rng"/></group></start><define name="b"><element name="inner"><empty/></element></define></grammar>')}</start><define name="b"><element name="outer"><empty/></element></define></grammar>`,
    others: { 'e.rng': '<element name="e"><empty/></element>' },
    valid: ['<a><inner/><outer/><e/></a>'],
    invalid: ['<a><outer/><inner/><e/></a>', '<a><inner/><outer/></a>'],
  },
];

suite('RelaxNG:', () => {
  for (const { name, schema, others, valid, invalid } of CASES)
    test(name, () => {
      const loaded = schemaOf(schema, others);
      for (const text of valid) assert.ok(isValid(loaded, text), `${text} is valid`);
      for (const text of invalid) assert.ok(!isValid(loaded, text), `${text} is invalid`);
    });

  const broken: readonly (readonly [name: string, schema: string, message: RegExp])[] = [
    ['a missing definition', '<grammar><start><ref name="x"/></start></grammar>', /nothing defines “x”/],
    ['a missing file', '<grammar><include href="gone.rng"/></grammar>', /gone/],
    ['no start', '<grammar><define name="x"><empty/></define></grammar>', /no start/],
    ['broken XML', '<grammar><start></grammar>', /not closed/],
    ['files that include each other', '<grammar><include href="first.rng"/></grammar>', /without end/],
    [
      'two definitions that are not combined',
      `<grammar><start>${a('<ref name="x"/>')}</start><define name="x"><empty/></define><define name="x"><text/></define></grammar>`,
      /more than once/,
    ],
  ];
  for (const [name, schema, message] of broken)
    test(`${name} is refused`, () => assert.throws(() => schemaOf(schema), message));

  test('a definition that is only itself is refused', () => {
    const schema = schemaOf(
      '<grammar><start><ref name="x"/></start><define name="x"><ref name="x"/></define></grammar>',
    );
    assert.throws(() => schema.start, SchemaError);
  });
});
