import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readHitCount } from '../../../../../src/engines/gdb/adapter/hit-count.ts';

suite('A hit count', () => {
  test('is read as people write it', () => {
    assert.deepEqual(readHitCount('3'), { ignoreCount: 2, temporary: true });
    assert.deepEqual(readHitCount(' == 1 '), { ignoreCount: 0, temporary: true });
    assert.deepEqual(readHitCount('> 3'), { ignoreCount: 3, temporary: false });
    assert.deepEqual(readHitCount('>=3'), { ignoreCount: 2, temporary: false });
  });

  test('that nobody can count is refused', () => {
    for (const text of ['', '% 2', '0', '< 3', 'often'])
      assert.throws(() => readHitCount(text), /is not a hit count/);
  });
});
