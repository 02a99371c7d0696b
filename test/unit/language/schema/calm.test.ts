import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { holdBack } from '../../../../src/language/schema/calm.ts';
import { validate } from '../../../../src/language/schema/validate.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { body, guest } from './grammars.ts';

suite('Typing is calm:', () => {
  /** What is told while a person types at the cursor. */
  function errorsAround(cursor: number, text: string) {
    const document = parseDocument(text);
    const errors = validate(document, guest).filter(({ severity }) => severity === 'error');
    return holdBack(document, errors, cursor);
  }

  test('a new element, letter by letter, raises no error', () => {
    const before = "<guest type='kvm'>\n  <name>g</name>\n  <devices>";
    const after = "\n    <sound model='ich9'/>\n  </devices>\n</guest>\n";
    const typed = "\n    <disk device='cdrom'>\n      <target dev='sda' bus='sata'/>\n    </disk>";
    for (let end = 1; end <= typed.length; end += 1) {
      const text = before + typed.slice(0, end) + after;
      assert.deepEqual(errorsAround(before.length + end, text), [], text);
    }
  });
  test('errors elsewhere are still told', () => {
    const text = body('  <memory>x</memory>\n  <os>');
    assert.equal(errorsAround(text.indexOf('<os>') + 4, text).length, 1);
  });
});
