import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gesture } from '../../support/gesture.ts';

suite('A gesture', () => {
  test('is made once when it is answered, and again when it was lost', async () => {
    for (const lost of [0, 1, 3]) {
      let made = 0;
      await gesture(
        () => Promise.resolve(++made),
        () => (made > lost ? Promise.resolve() : Promise.reject(new Error('Nothing came'))),
      );
      assert.equal(made, lost + 1);
    }
  });

  test('gives up after a few tries, and says what it waited for', async () => {
    let made = 0;
    const nothing = gesture(
      () => Promise.resolve(++made),
      () => Promise.reject(new Error('There is no list')),
    );
    await assert.rejects(nothing, /^Error: Tried 4 times in vain: There is no list$/u);
    assert.equal(made, 4);
  });

  test('that cannot be made is not answered by what is there already', async () => {
    const cannot = gesture(
      () => Promise.reject(new Error('There is no button')),
      () => Promise.resolve(),
    );
    await assert.rejects(cannot, /There is no button/u);
  });

  test('is answered late, when it cannot be made a second time', async () => {
    let made = 0;
    await gesture(
      () => (++made === 1 ? Promise.resolve() : Promise.reject(new Error('The button is gone'))),
      () => (made > 1 ? Promise.resolve() : Promise.reject(new Error('Nothing came'))),
    );
    assert.equal(made, 2);
  });

  test('is waited for longer each time', async () => {
    const times: number[] = [];
    await gesture(
      ({ timeout }) => Promise.resolve(times.push(timeout)),
      ({ timeout }) => (timeout > 5_000 ? Promise.resolve() : Promise.reject(new Error('Too soon'))),
    );
    assert.deepEqual(times, [2_000, 4_000, 8_000]);
  });
});
