import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { body, errorsOf, guest } from './grammars.ts';

suite('Typing is calm:', () => {
  test('a new element, letter by letter, raises no error', () => {
    const before = "<guest type='kvm'>\n  <name>g</name>\n  <devices>";
    const after = "\n    <sound model='ich9'/>\n  </devices>\n</guest>\n";
    const typed = "\n    <disk device='cdrom'>\n      <target dev='sda' bus='sata'/>\n    </disk>";
    for (let end = 1; end <= typed.length; end += 1) {
      const text = before + typed.slice(0, end) + after;
      assert.deepEqual(errorsOf(guest, text, before.length + end), [], text);
    }
  });
  test('errors elsewhere are still told', () => {
    const text = body('  <memory>x</memory>\n  <os>');
    assert.equal(errorsOf(guest, text, text.indexOf('<os>') + 4).length, 1);
  });
});
