import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { displayPage } from '../../../../../src/workbench/console/display/page.ts';

suite('The page of a display', () => {
  const page = displayPage('https://x/display.js', 'https://x', 'en');

  test('may run its own script only and reach nothing', () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/u.exec(page)?.[1] ?? '';
    assert.match(policy, /^default-src 'none'; script-src 'nonce-[A-Za-z0-9+/=]{22,}'; style-src 'nonce-/u);
    assert.doesNotMatch(policy, /unsafe|connect-src|frame-src|\*/u);
    assert.equal([...page.matchAll(/<script/gu)].length, 1);
  });

  test('has a nonce of its own each time', () => {
    assert.notEqual(page, displayPage('https://x/display.js', 'https://x', 'en'));
  });
});
