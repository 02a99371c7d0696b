import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type KeyPress, LeaveKeyWatch, parseLeaveKey } from '../../../../src/webview/display/leave-key.ts';

const KEYS: Readonly<Record<string, string>> = { Control: 'ControlLeft', Alt: 'AltLeft', Shift: 'ShiftLeft' };

/** Whether keys are those that leave: pressed in their order and let go the other way round. */
function leaves(setting: string, ...keys: readonly string[]): boolean {
  const watch = new LeaveKeyWatch(parseLeaveKey(setting) ?? assert.fail(setting));
  const down = new Set<string>();
  const press = (key: string): KeyPress => ({
    key,
    code: KEYS[key] ?? (key === 'AltGraph' ? 'AltRight' : key.length === 1 ? `Key${key.toUpperCase()}` : key),
    ctrlKey: down.has('Control'),
    altKey: down.has('Alt'),
    shiftKey: down.has('Shift'),
    metaKey: false,
  });
  let isLeft = false;
  for (const key of keys) {
    down.add(key);
    isLeft ||= watch.down(press(key));
  }
  for (const key of keys.toReversed()) {
    down.delete(key);
    isLeft ||= watch.up(press(key));
  }
  return isLeft;
}

suite('The keys that take the keyboard back from a guest', () => {
  test('are written as people write keys', () => {
    assert.deepEqual(parseLeaveKey('Alt+Ctrl'), { modifiers: ['Ctrl', 'Alt'], code: '' });
    assert.deepEqual(parseLeaveKey('Ctrl+Alt+G'), { modifiers: ['Ctrl', 'Alt'], code: 'KeyG' });
    assert.deepEqual(parseLeaveKey('Shift + F12'), { modifiers: ['Shift'], code: 'F12' });
    assert.deepEqual(parseLeaveKey('Pause'), { modifiers: [], code: 'Pause' });
    for (const none of ['', 'Ctrl', 'G', 'Enter', 'Ctrl+', 'Ctrl+Ctrl', 'G+Ctrl', 'Hyper+G', 'F13'])
      assert.equal(parseLeaveKey(none), undefined, none);
  });

  test('are modifiers alone, in any order', () => {
    assert.ok(leaves('Ctrl+Alt', 'Control', 'Alt'));
    assert.ok(leaves('Ctrl+Alt', 'Alt', 'Control'));
    assert.ok(!leaves('Ctrl+Alt', 'Control'));
    assert.ok(!leaves('Ctrl+Alt', 'Control', 'Alt', 'Shift'));
    assert.ok(!leaves('Ctrl+Alt', 'Control', 'Alt', 'Delete'), 'the guest’s own');
    assert.ok(!leaves('Ctrl+Alt', 'Control', 'AltGraph'), 'as some systems tell AltGr');
  });

  test('are modifiers with a key', () => {
    assert.ok(leaves('Ctrl+Alt+G', 'Control', 'Alt', 'g'));
    assert.ok(!leaves('Ctrl+Alt+G', 'Control', 'g'));
    assert.ok(!leaves('Ctrl+Alt+G', 'Control', 'Alt', 'Shift', 'g'));
    assert.ok(!leaves('Ctrl+Alt+G', 'Control', 'Alt'));
    assert.ok(leaves('Shift+F12', 'Shift', 'F12'));
  });
});
