import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { rootNameOf } from '../../../../../src/workbench/editor/language/root-name.ts';

suite('The root of a document', () => {
  test('is found behind what may stand before it', () => {
    assert.equal(
      rootNameOf("<?xml version='1.0'?>\n<!-- <a> -->\n<!DOCTYPE x>\n<domain type='kvm'>"),
      'domain',
    );
    assert.equal(rootNameOf('<domain'), 'domain');
  });

  test('is missing in an empty text, a comment and a prolog without an end', () => {
    for (const text of ['', 'domain', '<!-- <domain> ', '<?xml', '<'])
      assert.equal(rootNameOf(text), undefined, text);
  });
});
