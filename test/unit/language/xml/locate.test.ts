import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { elementAt, locate, pathTo } from '../../../../src/language/xml/locate.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';

suite('Locating', () => {
  const marked = `<a>\n  <b c="d">t</b>\n  \n</a>`;

  const document = parseDocument(marked);

  const place = (needle: string, shift = 0): string => locate(document, marked.indexOf(needle) + shift).place;

  test('tells tags, attributes, values and content apart', () => {
    assert.equal(place('b c', 1), 'tag-name');
    assert.equal(place('c=', 1), 'attribute-name');
    assert.equal(place('d"', 0), 'attribute-value');
    assert.equal(place('t<', 0), 'content');
    assert.equal(place('/b', 1), 'end-tag');
  });

  test('finds the innermost element and the way to it', () => {
    const inside = elementAt(document, marked.indexOf('t<'));
    assert.ok(inside);
    assert.deepEqual(
      pathTo(inside).map(({ name }) => name),
      ['a', 'b'],
    );
    assert.equal(elementAt(document, 0), undefined);
  });
});
