import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  applyEdits,
  insertChild,
  removeAttribute,
  removeElement,
  renameElement,
  setAttribute,
  setContent,
} from '../../../../src/language/xml/edit.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { attributeOf, type XmlElement } from '../../../../src/language/xml/tree.ts';

const text = `<a>\n  <b x='1' y="2"/>\n  <c>t</c>\n</a>\n`;

function find(name: string): XmlElement {
  const found = parseDocument(text).elements.find((element) => element.name === name);
  assert.ok(found);
  return found;
}

suite('Edits of the tree', () => {
  test('rename an element in both of its tags', () => {
    assert.match(applyEdits(text, renameElement(find('c'), 'd')), /<d>t<\/d>/);
  });
  test('remove an element with its line', () => {
    assert.equal(applyEdits(text, [removeElement(text, find('b'))]), '<a>\n  <c>t</c>\n</a>\n');
  });
  test('remove an attribute with the space before it', () => {
    const attribute = attributeOf(find('b'), 'x');
    assert.ok(attribute);
    assert.match(applyEdits(text, [removeAttribute(text, attribute)]), /<b y="2"\/>/);
  });
  test('set an attribute that is there in its own quotes', () => {
    assert.match(applyEdits(text, [setAttribute(find('b'), 'y', `"'<`)]), /y="&quot;'&lt;"/);
  });
  test('add an attribute behind the others', () => {
    assert.match(applyEdits(text, [setAttribute(find('b'), 'z', '3')]), /<b x='1' y="2" z='3'\/>/);
  });
  test('fill an element that closes itself', () => {
    assert.match(applyEdits(text, [setContent(text, find('b'), 'v')]), /<b x='1' y="2">v<\/b>/);
  });
  test('put a child on a line of its own behind the last', () => {
    assert.equal(
      applyEdits(text, [insertChild(text, find('a'), '<d>\n  <e/>\n</d>')]),
      `<a>\n  <b x='1' y="2"/>\n  <c>t</c>\n  <d>\n    <e/>\n  </d>\n</a>\n`,
    );
  });
  test('put a child before another', () => {
    assert.match(
      applyEdits(text, [insertChild(text, find('a'), '<d/>', { before: find('c') })]),
      /\n {2}<d\/>\n {2}<c>/,
    );
  });
  test('refuse to overlap', () => {
    const edits = [
      { start: 0, end: 3, text: '' },
      { start: 2, end: 4, text: '' },
    ];
    assert.throws(() => applyEdits(text, edits), RangeError);
  });
});
