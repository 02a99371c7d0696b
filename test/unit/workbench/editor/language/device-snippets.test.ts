import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deviceSnippets } from '../../../../../src/workbench/editor/language/device-snippets.ts';
import { parseDocument } from '../../../../../src/language/xml/parse.ts';

test('every snippet makes the element that it is offered for', () => {
  for (const { body, element, label } of deviceSnippets) {
    const plain = body.replaceAll(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1').replaceAll(/\$\{\d+:?([^}]*)\}/g, '$1');
    const { root, problems } = parseDocument(plain.replaceAll('$0', ''));
    assert.deepEqual(problems, [], label);
    assert.equal(root?.name, element, label);
  }
});
