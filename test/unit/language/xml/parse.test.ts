import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MAX_LENGTH, parseDocument } from '../../../../src/language/xml/parse.ts';
import { MAX_DEPTH } from '../../../../src/language/xml/tree-builder.ts';
import { childElement, childElements, textOf, type XmlElement } from '../../../../src/language/xml/tree.ts';

/** Names only, as `a(b c(d))`. */
function shape(element: XmlElement | undefined): string {
  if (element === undefined) return '';
  const inner = childElements(element).map(shape).join(' ');
  return inner === '' ? element.name : `${element.name}(${inner})`;
}

interface Recovery {
  readonly name: string;
  readonly text: string;
  readonly shape: string;
  readonly problems: readonly string[];
}

const RECOVERIES: readonly Recovery[] = [
  { name: 'a well-formed document', text: '<a><b/>x<c>y</c></a>', shape: 'a(b c)', problems: [] },
  {
    name: 'an element without end swallows no sibling that is indented as it is',
    text: '<a>\n  <b>\n    <x/>\n  <c/>\n</a>',
    shape: 'a(b(x) c)',
    problems: ['unclosed-element'],
  },
  {
    name: 'on one line an element without end keeps what follows',
    text: '<a><b><c/></a>',
    shape: 'a(b(c))',
    problems: ['unclosed-element'],
  },
  {
    name: 'several elements without end are told apart by indentation',
    text: '<a>\n  <b>\n    <c>\n  <d/>\n</a>',
    shape: 'a(b(c) d)',
    problems: ['unclosed-element', 'unclosed-element'],
  },
  {
    name: 'a start tag that breaks off ends before the next tag',
    text: '<a>\n  <di\n  <c x="1"/>\n</a>',
    shape: 'a(di c)',
    problems: ['unclosed-tag'],
  },
  {
    name: 'a misspelt end tag closes what it stands under',
    text: '<a>\n  <bc>\n  </bd>\n  <c/>\n</a>',
    shape: 'a(bc c)',
    problems: ['mismatched-end-tag'],
  },
  {
    name: 'an end tag too many closes nothing',
    text: '<a>\n  <b/>\n    </c>\n  <d/>\n</a>',
    shape: 'a(b d)',
    problems: ['stray-end-tag'],
  },
  { name: 'an attribute twice', text: '<a x="1" x="2"/>', shape: 'a', problems: ['duplicate-attribute'] },
  { name: 'an attribute without value', text: '<a x/>', shape: 'a', problems: ['attribute-without-value'] },
  { name: 'a value without quotes', text: '<a x=1/>', shape: 'a', problems: ['unquoted-value'] },
  {
    name: 'a value without closing quote ends with its tag',
    text: '<a>\n  <b x="1/>\n  <c y="2"/>\n</a>',
    shape: 'a(b c)',
    problems: ['unclosed-value'],
  },
  { name: 'a stray ampersand', text: '<a>1 & 2</a>', shape: 'a', problems: ['bad-entity'] },
  { name: 'an unknown entity', text: '<a>&nbsp;</a>', shape: 'a', problems: ['bad-entity'] },
  { name: 'a reference to no character', text: '<a>&#0;</a>', shape: 'a', problems: ['bad-entity'] },
  { name: 'a stray less-than', text: '<a>1 < 2</a>', shape: 'a', problems: ['stray-character'] },
  { name: 'a prefix that nothing declares', text: '<q:a/>', shape: 'q:a', problems: ['unbound-prefix'] },
  { name: 'a second root', text: '<a/><b/>', shape: 'a', problems: ['content-after-root'] },
  { name: 'a comment without end', text: '<a/><!-- x', shape: 'a', problems: ['unterminated'] },
  { name: 'two dashes in a comment', text: '<a><!-- x -- y --></a>', shape: 'a', problems: ['bad-comment'] },
  {
    name: 'a late XML declaration',
    text: ' <?xml version="1.0"?><a/>',
    shape: 'a',
    problems: ['bad-declaration'],
  },
  { name: 'a control character', text: '<a>\u0001</a>', shape: 'a', problems: ['bad-character'] },
  { name: 'nothing at all', text: '', shape: '', problems: ['no-root'] },
];

suite('Parsing recovers from', () => {
  for (const { name, text, shape: wanted, problems } of RECOVERIES)
    test(name, () => {
      const document = parseDocument(text);
      assert.deepEqual(
        document.problems.map(({ code }) => code),
        problems,
      );
      assert.equal(shape(document.root), wanted);
    });
});

suite('The tree', () => {
  const text = `<a  x = 'one' y="&lt;2">t<b/><!-- c --><![CDATA[<d>]]></a>`;
  const { root } = parseDocument(text);
  const cut = (start: number, end: number): string => text.slice(start, end);

  test('knows where every part stands', () => {
    assert.ok(root);
    assert.equal(cut(root.nameStart, root.nameEnd), 'a');
    const [x, y] = root.attributes;
    assert.ok(x && y);
    assert.equal(cut(x.start, x.end), `x = 'one'`);
    assert.equal(cut(x.valueStart, x.valueEnd), 'one');
    assert.deepEqual([y.value, y.quote], ['<2', '"']);
    assert.deepEqual(
      root.children.map((node) => cut(node.start, node.end)),
      ['t', '<b/>', '<!-- c -->', '<![CDATA[<d>]]>'],
    );
    assert.ok(root.endTag);
    assert.equal(cut(root.endTag.nameStart, root.endTag.nameEnd), 'a');
    assert.equal(textOf(root), 't<d>');
  });

  test('resolves namespaces', () => {
    const inner = parseDocument('<a xmlns:q="u"><q:b q:c="1" d="2" xmlns="v"><e/></q:b></a>').root;
    assert.ok(inner);
    const b = childElement(inner, '{u}b');
    assert.ok(b);
    assert.deepEqual(
      b.attributes.map(({ key }) => key),
      ['{u}c', 'd', ''],
    );
    assert.ok(childElement(b, '{v}e'));
  });

  test('reads line ends and white space in values as XML says', () => {
    const { root: element } = parseDocument('<a x="1\n2&#10;3">\r\n</a>');
    assert.ok(element);
    assert.equal(element.attributes[0]?.value, '1 2\n3');
    assert.equal(textOf(element), '\n');
  });
});

suite('Hostile text is refused in bounded time and memory:', () => {
  const hostile: readonly (readonly [name: string, text: string])[] = [
    ['an entity bomb', '<!DOCTYPE a [<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">]><a>&z;</a>'],
    ['elements nested a hundred thousand deep', '<a>'.repeat(100_000)],
    ['half a million stray ampersands', `<a>${'&'.repeat(500_000)}</a>`],
    ['half a million stray less-thans', '<'.repeat(500_000)],
    ['values that never end', '<a b="'.repeat(100_000)],
    [
      'fifty thousand attributes',
      `<a ${Array.from({ length: 50_000 }, (_, at) => `a${at}="1"`).join(' ')}/>`,
    ],
    ['end tags only', '</a>'.repeat(200_000)],
    ['bytes of a program', '\u007fELF\0\0\u0001'.repeat(100_000)],
    ['more than the limit', ' '.repeat(MAX_LENGTH + 1)],
  ];
  for (const [name, text] of hostile)
    test(name, () => {
      const started = performance.now();
      const { problems } = parseDocument(text);
      assert.ok(problems.length > 0 && problems.length <= 1000);
      assert.ok(performance.now() - started < 5000);
    });

  test('a value of a megabyte is no problem', () => {
    assert.deepEqual(parseDocument(`<a b="${'x'.repeat(1 << 20)}"/>`).problems, []);
  });

  test('as deep as libxml2 goes is no problem', () => {
    assert.deepEqual(parseDocument('<a>'.repeat(MAX_DEPTH) + '</a>'.repeat(MAX_DEPTH)).problems, []);
  });
});
