import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { nearestNames } from '../../../../src/language/schema/suggest.ts';

suite('Suggestions', () => {
  test('are the nearest names, and none that is far', () => {
    assert.deepEqual(nearestNames('sorce', ['source', 'serial', 'target']), ['source']);
    assert.deepEqual(nearestNames('xyz', ['source']), []);
  });
});
