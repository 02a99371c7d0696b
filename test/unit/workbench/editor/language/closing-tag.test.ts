import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { closingTagAt } from '../../../../../src/workbench/editor/language/closing-tag.ts';
import { parseDocument } from '../../../../../src/language/xml/parse.ts';

/** The end tag for what was typed up to the `|`. */
function closing(text: string): string | undefined {
  return closingTagAt(parseDocument(text.replace('|', '')), text.indexOf('|'));
}

suite('The end tag that is written by itself', () => {
  test('follows a start tag that has none', () => {
    assert.equal(closing('<a>|'), 'a');
    assert.equal(closing("<a>\n  <b c='d'>|\n</a>"), 'b');
    assert.equal(closing('<a><b>|<b></b></a>'), 'b');
  });

  test('does not follow one that is closed, or that closes itself', () => {
    for (const text of ['<a>|</a>', '<a><b/>|</a>', '<a></a>|', '<a><!-- > -->|</a>'])
      assert.equal(closing(text), undefined, text);
  });

  test('is completed from its beginning', () => {
    assert.equal(closing('<a><b>text</|'), 'b');
    assert.equal(closing('<a><b></b></|'), 'a');
    assert.equal(closing('<a><b></|b></a>'), undefined);
  });
});
