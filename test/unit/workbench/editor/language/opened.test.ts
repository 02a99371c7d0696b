import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { OPENED } from '../../../../../src/workbench/editor/language/opened.ts';
import { assertLinear } from '../../../../support/growth.ts';

suite('A line behind which Enter is pressed', () => {
  test('ends in an element that is open', () => {
    for (const line of ['<a>', '  <a:b c="d">', "<a b='>'>", '<a\tb="c" >', '<a>text', '<a/><b>'])
      assert.match(line, OPENED);
  });

  test('ends in none', () => {
    for (const line of [
      '',
      'text',
      '<a',
      '<a/>',
      '<a b="c"/>',
      '<a></a>',
      '<a b="c"/>text',
      '<!-- a -->',
      '<?a?>',
    ])
      assert.doesNotMatch(line, OPENED);
  });

  for (const piece of ['<a ', "<a '", '<a "', '<a>', '<a >', '>', ' ', '<a b="c', '<', 'a'])
    test(`is looked at in step with its “${piece}”`, () =>
      assertLinear(
        50_000,
        (n) => `<a ${piece.repeat(n)}<`,
        (line) => OPENED.test(line),
      ));
});
