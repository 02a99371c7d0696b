import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ClipboardGate } from '../../../../src/webview/display/clipboard.ts';

suite('The clipboard of a guest', () => {
  test('comes through a few times a second however often it is filled, and at last as it is', ({ mock }) => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const texts: string[] = [];
    const gate = new ClipboardGate(({ text }) => texts.push(text));
    const offer = (text: string) => gate.offer({ text, afterInput: true });
    for (let count = 0; count < 1000; count++) {
      offer(`text ${count}`);
      mock.timers.tick(1);
    }
    assert.ok(texts.length <= 5, `${texts.length} times in a second`);
    mock.timers.tick(1000);
    assert.equal(texts.at(-1), 'text 999');
    const before = texts.length;
    mock.timers.tick(10_000);
    assert.equal(texts.length, before, 'once');
    offer('x'.repeat(300_000));
    assert.equal(texts.length, before, 'nothing of that length');
    offer('at once');
    assert.equal(texts.at(-1), 'at once');
  });
});
