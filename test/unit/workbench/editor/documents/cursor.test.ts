import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { samePlace } from '../../../../../src/workbench/editor/documents/cursor.ts';

const BEFORE = [
  '<domain>',
  '<name>web</name>',
  '<disk>',
  '<a/>',
  '</disk>',
  '<disk>',
  '<b/>',
  '</disk>',
  '</domain>',
];
const AFTER = [
  '<domain>',
  '  <name>web</name>',
  '  <uuid>1</uuid>',
  '  <disk>',
  '    <a/>',
  '    <address/>',
  '  </disk>',
  '  <disk>',
  '    <b/>',
  '  </disk>',
  '</domain>',
];

function place(line: number, character: number) {
  return samePlace(BEFORE.join('\n'), AFTER.join('\n'), { line, character });
}

suite('Where a cursor is after libvirt wrote its form of a text', () => {
  test('on the same line, as far from its first character', () => {
    assert.deepEqual(place(1, 3), { line: 1, character: 5 });
    assert.deepEqual(place(3, 0), { line: 4, character: 4 });
  });

  test('in the same one of several elements that are alike', () => {
    assert.deepEqual(place(5, 1), { line: 7, character: 3 });
    assert.deepEqual(place(7, 0), { line: 9, character: 2 });
  });

  test('below the nearest line above that is there still', () => {
    const now = AFTER.map((line) => line.replace('<b/>', '<c/>')).join('\n');
    assert.deepEqual(samePlace(BEFORE.join('\n'), now, { line: 6, character: 0 }), { line: 8, character: 4 });
  });

  test('somewhere, when nothing is as it was', () => {
    assert.deepEqual(samePlace('a\nb\nc', 'x', { line: 2, character: 1 }), { line: 0, character: 1 });
  });
});
