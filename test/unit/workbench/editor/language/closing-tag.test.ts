import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseDocument } from '../../../../../src/language/xml/parse.ts';
import { closingTagAt, doubledAt } from '../../../../../src/workbench/editor/language/closing-tag.ts';
import { WrittenTags } from '../../../../../src/workbench/editor/language/written-tags.ts';

const WRITTEN = /«(<\/([^>]+)>)»/gu;

/** A text with its cursor at `|`, in which `«</a>»` was written by itself. */
function typed(marked: string): { text: string; offset: number; written: WrittenTags } {
  const written = new WrittenTags();
  const text = marked.replace('|', '').replaceAll(WRITTEN, '$1');
  const plain = marked.replace('|', '');
  let removed = 0;
  for (const { index, 2: name = '' } of plain.matchAll(WRITTEN)) {
    written.add(name, index - removed);
    removed += 2;
  }
  const offset = marked.slice(0, marked.indexOf('|')).replaceAll(/[«»]/gu, '').length;
  return { text, offset, written };
}

/** The text after what was typed up to the `|` was answered, with the cursor where it is then. */
function closed(marked: string): string | undefined {
  const { text, offset, written } = typed(marked);
  const closing = closingTagAt(parseDocument(text), offset, written);
  if (closing === undefined) return undefined;
  const isWhole = closing.text.startsWith('</');
  const added = isWhole ? `|${closing.text}` : `${closing.text}|`;
  return text.slice(0, closing.start) + added + text.slice(closing.end);
}

function corrected(marked: string): string | undefined {
  const { text, offset, written } = typed(marked);
  const doubled = doubledAt(text, offset, written);
  return doubled === undefined ? undefined : text.slice(0, doubled.start) + text.slice(doubled.end);
}

suite('The end tag that is written by itself', () => {
  test('follows a start tag that has none', () => {
    assert.equal(closed('<a>|'), '<a>|</a>');
    assert.equal(closed("<a>\n  <b c='d'>|\n</a>"), "<a>\n  <b c='d'>|</b>\n</a>");
    assert.equal(closed('<a><b>|<b></b></a>'), '<a><b>|</b><b></b></a>');
  });

  test('does not follow one that is closed, or that closes itself', () => {
    for (const text of ['<a>|</a>', '<a><b/>|</a>', '<a></a>|', '<a><!-- > -->|</a>'])
      assert.equal(closed(text), undefined, text);
  });

  test('is completed from its beginning', () => {
    assert.equal(closed('<a><b>text</|'), '<a><b>text</b>|');
    assert.equal(closed('<a><b></b></|'), '<a><b></b></a>|');
    assert.equal(closed('<a><b></|b></a>'), undefined);
  });

  test('is the one that was meant when somebody begins to type it', () => {
    assert.equal(closed('<a>4</|«</a>»'), '<a>4</a>|');
    assert.equal(closed('<a>\n  <b/>\n</|\n«</a>»'), '<a>\n  <b/>\n</a>|');
    assert.equal(closed('<a>4</|</a>'), undefined, 'the end tag is not ours to move');
    assert.equal(closed('<a><a>4</|</a>'), '<a><a>4</a>|</a>', 'the outer element needs the other');
  });

  test('makes way for the same one typed by hand', () => {
    assert.equal(corrected('<a>4</a>|«</a>»'), '<a>4</a>');
    assert.equal(corrected('<a>\n  4\n</a>|\n«</a>»\n'), '<a>\n  4\n</a>\n');
    assert.equal(corrected('<d><a>4</a>|«</a>»\n«</d>»'), '<d><a>4</a>\n</d>');
    assert.equal(corrected('<d><a>4</a>\n</d>|\n«</d>»'), '<d><a>4</a>\n</d>');
    assert.equal(corrected('<a>4«</a>»a>|'), '<a>4</a>');
  });

  test('makes way as well when somebody quick has typed on meanwhile', () => {
    assert.equal(corrected('<a><b></b>|\n</a>\n  «</b>»'), '<a><b></b>\n</a>');
    assert.equal(corrected('<a><b></b>|<b>«</b>»</a>'), undefined);
  });

  test('stays where another element needs it, or a person wrote it', () => {
    assert.equal(corrected('<a><a>4</a>|«</a>»'), undefined);
    assert.equal(corrected('<a>4</a>|</a>'), undefined);
    assert.equal(corrected('<a>4</a>a>|'), undefined);
    assert.equal(corrected('<d><b>4</b>|«</d>»'), undefined);
  });

  test('is known wherever typing moves it, until somebody changes it', () => {
    const written = new WrittenTags();
    written.add('a', 3);
    written.follow([{ rangeOffset: 3, rangeLength: 0, text: '45' }]);
    assert.equal(written.after('<a>45</a>', 5)?.end, 9);
    written.follow([{ rangeOffset: 9, rangeLength: 0, text: 'x' }]);
    assert.ok(written.endsAt('<a>45</a>x', 9, 'a'));
    written.follow([{ rangeOffset: 7, rangeLength: 1, text: 'b' }]);
    assert.equal(written.after('<a>45</b>x', 5), undefined);
  });
});
