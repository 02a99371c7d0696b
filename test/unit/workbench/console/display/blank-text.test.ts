import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { blankText, stillText } from '../../../../../src/workbench/console/display/blank-text.ts';

const actionsOf = ({ buttons }: { buttons: readonly { action: string }[] }) =>
  buttons.map(({ action }) => action);

suite('A display without a moving picture', () => {
  test('says what its guest is, and offers what helps', () => {
    assert.deepEqual(stillText('paused', 'web'), {
      text: 'web is paused.',
      buttons: [{ action: 'resume', label: 'Resume' }],
    });
    assert.equal(stillText('running', 'web').text, '');
    for (const [condition, text] of [
      ['saved', /^web is saved\./u],
      ['crashed', /^web has crashed/u],
      ['shut-off', /^web is shut off\./u],
    ] as const) {
      const blank = blankText({ kind: 'off', condition }, 'web');
      assert.match(blank.text, text);
      assert.deepEqual(actionsOf(blank), ['start']);
    }
  });

  test('offers a display that can be shown', () => {
    const socket = { kind: 'socket' } as const;
    const port = { kind: 'port', password: 'x' } as const;
    const none = blankText({ kind: 'no-vnc', graphics: { kind: 'none' }, listen: socket }, 'web');
    assert.deepEqual(none, {
      text: 'web has no display.',
      buttons: [{ action: 'addVnc', label: 'Add VNC Display' }],
    });
    const spice = {
      kind: 'spice',
      address: '127.0.0.1',
      port: 5900,
      tlsPort: undefined,
      socket: undefined,
      password: undefined,
    } as const;
    const viewer = blankText({ kind: 'no-vnc', graphics: spice, listen: socket }, 'web');
    assert.deepEqual(actionsOf(viewer), ['remoteViewer', 'addVnc']);
    const closed = (listen: typeof socket | typeof port) =>
      blankText({ kind: 'no-vnc', graphics: { kind: 'vnc-closed' }, listen }, 'web').buttons[0]?.label;
    assert.deepEqual([closed(socket), closed(port)], ['Use a Socket', 'Use a Port with a Password']);
  });

  test('shows no trick of a name', () => {
    assert.equal(stillText('paused', 'a\u202Eb').text, String.raw`a\u{202e}b is paused.`);
  });
});
