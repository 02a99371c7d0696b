import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { LineIndex } from '../../../../src/language/xml/line-index.ts';

suite('The lines of a text', () => {
  const marked = `<a>\n  <b c="d">t</b>\n  \n</a>`;

  test('turns offsets into lines and columns and back', () => {
    const lines = new LineIndex(marked);
    const offset = marked.indexOf('<b');
    assert.deepEqual(lines.positionAt(offset), { line: 1, column: 2 });
    assert.equal(lines.offsetAt({ line: 1, column: 2 }), offset);
    assert.equal(lines.lineCount, 4);
    assert.equal(lines.offsetAt({ line: 0, column: 99 }), 3);
  });
});
