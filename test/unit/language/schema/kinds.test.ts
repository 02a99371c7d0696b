import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { schemaForKind, schemaForRoot } from '../../../../src/language/schema/kinds.ts';

suite('Kinds of documents', () => {
  test('are known by their root element', () => {
    assert.deepEqual(['domain', 'pool', 'volume', 'x'].map(schemaForRoot), [
      'domain',
      'storagepool',
      'storagevol',
      undefined,
    ]);
  });
  test('have more than one name', () => {
    assert.deepEqual(['storagepool', 'pool', 'snapshot', 'x'].map(schemaForKind), [
      'storagepool',
      'storagepool',
      'domainsnapshot',
      undefined,
    ]);
  });
});
