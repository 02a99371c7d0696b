import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { assertLinear, assertQuick, repeated } from '../../../support/growth.ts';

suite('XML that was made to be slow', () => {
  const growing: readonly (readonly [what: string, make: (size: number) => string])[] = [
    ['attributes', (n) => `<a ${repeated(n, (i) => `a${i}='1' `)}/>`],
    ['attributes that hold a “<”', (n) => `<a ${repeated(n, (i) => `a${i}='<' `)}/>`],
    ['attributes of many elements, the last “<” far away', (n) => repeated(n, () => `<a b='c'`)],
    ['namespaces', (n) => `<a ${repeated(n, (i) => `xmlns:a${i}='u' `)}/>`],
    ['values without a closing quote', (n) => `<a>${repeated(n, () => '<b x="1/>\n')}`],
    ['siblings', (n) => `<a>${repeated(n, () => '<b/>')}</a>`],
    ['elements that nobody closes', (n) => '<a>'.repeat(n)],
    ['elements that nobody closes, each on a line', (n) => repeated(n, () => '  <a>\n')],
    ['end tags that close nothing', (n) => `${'<a>'.repeat(250)}${'</b>'.repeat(n)}`],
    ['end tags on lines below a wide one', (n) => `${' '.repeat(n)}<a>\n${'</b>\n'.repeat(n)}`],
    ['children of many that nobody closes', (n) => `${'<a>\n'.repeat(250)}${'<b/>\n'.repeat(n)}`],
    ['white space in many that nobody closes', (n) => `${'<a>'.repeat(250)}${' '.repeat(n * 10)}`],
    ['references to nothing', (n) => `<a>${'x\r\n'.repeat(n)}${'&x;'.repeat(500)}</a>`],
    ['comments without an end', (n) => `<a>${'<!-- '.repeat(n)}`],
    ['instructions', (n) => `<a>${'<?x y?>'.repeat(n)}</a>`],
    ['“<” that start nothing', (n) => `<a>${'< <! '.repeat(n)}</a>`],
    ['line ends in a document type', (n) => `<!DOCTYPE a [${'<!ENTITY b "c">\r\n'.repeat(n)}]><a/>`],
  ];
  for (const [what, make] of growing)
    test(`is parsed in step with its ${what}`, () => assertLinear(20_000, make, parseDocument));

  const huge: readonly (readonly [what: string, text: string])[] = [
    ['attributes', `<a ${'b="1" '.repeat(1_300_000)}/>`],
    ['elements', '<b/>'.repeat(2_000_000)],
    ['elements in each other', '<b>'.repeat(2_600_000)],
    ['end tags', `${'<a>'.repeat(250)}${'</b>'.repeat(1_900_000)}`],
    ['children of elements that nobody closes', `${'<a>\n'.repeat(250)}${'<b/>\n'.repeat(1_500_000)}`],
    ['text', `<a>${'x\r\n'.repeat(2_500_000)}${'&x;'.repeat(500)}`],
  ];
  for (const [what, text] of huge)
    test(`of 8 MB of ${what} stops nobody`, () => assertQuick(() => parseDocument(text)));

  test('is read to a bound, which it says', () => {
    const { problems, elements } = parseDocument(`<a>${'<b/>'.repeat(100_000)}</a>`);
    assert.ok(elements.length < 100_001);
    assert.match(
      problems.map(({ message }) => message).join('\n'),
      /more than 100000 tags, texts and attributes/,
    );
  });
});

test('A reference that is wrong is found behind shortened line ends', () => {
  const { problems } = parseDocument('<a>\r\n&x;\r\n\r\n&y;\n&z;</a>');
  assert.deepEqual(
    problems.map(({ start, end }) => [start, end]),
    [
      [5, 8],
      [12, 15],
      [16, 19],
    ],
  );
});
