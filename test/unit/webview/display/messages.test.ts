import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fromDisplay, toDisplay } from '../../../../src/webview/display/messages.ts';

suite('The page of a display', () => {
  test('and the extension take no message that is none', () => {
    const nonsense = [
      null,
      'ready',
      {},
      { type: 'data', bytes: 'x' },
      { type: 'data', bytes: new Uint8Array(2_000_000) },
      { type: 'taken', bytes: -1 },
      { type: 'taken', bytes: Number.NaN },
      { type: 'clipboard', text: 'x'.repeat(300_000), afterInput: true },
      { type: 'clipboard', text: 'x' },
      { type: 'action', action: 'destroy' },
      { type: 'failed', complaint: { fault: 'boredom', detail: '' } },
      { type: 'eval', text: 'x' },
    ];
    for (const message of nonsense) assert.equal(fromDisplay(message), undefined);
    for (const message of [null, {}, { type: 'keys', keys: [{}] }, { type: 'settings', scale: 'huge' }])
      assert.equal(toDisplay(message), undefined);
    const failed = (detail: string) => ({ type: 'failed', complaint: { fault: 'protocol', detail } });
    assert.deepEqual(fromDisplay(failed('x'.repeat(9000))), failed('x'.repeat(500)));
  });
});
