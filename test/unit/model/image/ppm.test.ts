import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readPpm } from '../../../../src/model/image/ppm.ts';

suite('A PPM', () => {
  test('is read, comments and all', () => {
    const file = Buffer.concat([Buffer.from('P6\n# made up\n2 1\n255\n'), Buffer.from([1, 2, 3, 4, 5, 6])]);
    assert.deepEqual([...readPpm(file).rgb], [1, 2, 3, 4, 5, 6]);
    assert.throws(() => readPpm(file.subarray(0, -1)), /cut off/u);
  });

  test('that is hostile sets no memory aside', () => {
    assert.throws(() => readPpm(Buffer.from('P6\n99999 99999\n255\n')), RangeError);
  });
});
