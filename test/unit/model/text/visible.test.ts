import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { visible, visibleLines, visibleOutput, withoutControls } from '../../../../src/model/text/visible.ts';

suite('What somebody else says', () => {
  test('does nothing to a terminal, in one line or in several', () => {
    const text = 'a\u001b]52;c;aGk=\u0007\r\nb\t\u202ec';
    assert.equal(visible(text), String.raw`a\u{1b}]52;c;aGk=\u{7}\u{d}\u{a}b\u{9}\u{202e}c`);
    assert.equal(visibleLines(text), 'a\\u{1b}]52;c;aGk=\\u{7}\nb\t\\u{202e}c');
  });

  test('is one line after the other in a log, without colours', () => {
    const text =
      'a\u001b[1;31mred\u001b[0m\r\n10 %\r20 %\r\u001b]0;title\u0007b\u001b]52;c;aGk=\u001b\\c\u001b(B\u001b[';
    assert.equal(visibleOutput(text), 'ared\n10 %\n20 %\nbc\\u{1b}[');
  });

  test('on the clipboard presses no key of a terminal', () => {
    assert.equal(withoutControls('a\u001b[201~\r\nrm\r -x\u0085\u0003\tb\u200d'), 'a[201~\nrm -x\tb\u200d');
  });
});
