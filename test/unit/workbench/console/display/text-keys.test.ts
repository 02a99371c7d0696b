import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { keysFor } from '../../../../../src/workbench/console/display/text-keys.ts';

suite('Typing a text', () => {
  test('presses Shift where an American keyboard needs it', () => {
    const codes = keysFor('aA1!\n ?').map((chord) => chord.map(({ code }) => code).join('+'));
    assert.deepEqual(codes, [
      'KeyA',
      'ShiftLeft+KeyA',
      'Digit1',
      'ShiftLeft+Digit1',
      'Enter',
      'Space',
      'ShiftLeft+Slash',
    ]);
  });

  test('names what is on no key', () => {
    assert.deepEqual(keysFor('é€'), [[{ keysym: 0xe9, code: '' }], [{ keysym: 0x1_00_20_ac, code: '' }]]);
  });
});
