import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseBytes, writeBytes } from '../../../../../src/engines/environment/file/sizes.ts';

suite('Sizes', () => {
  test('are binary unless they say otherwise', () => {
    assert.deepEqual(['1 KiB', '1K', '1.5 GiB', '2 MB', '1T'].map(parseBytes), [
      1024,
      1024,
      1.5 * 2 ** 30,
      2_000_000,
      2 ** 40,
    ]);
    assert.throws(() => parseBytes('5'), RangeError);
  });

  test('are written as they can be read', () => {
    for (const bytes of [1024, 2 ** 20, 1.5 * 2 ** 30, 2 ** 40, 20 * 2 ** 30])
      assert.equal(parseBytes(writeBytes(bytes)), bytes);
  });
});
