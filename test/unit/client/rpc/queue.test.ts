import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Queue } from '../../../../src/client/rpc/queue.ts';

suite('A queue', () => {
  test('gives out what came in, in its order, however it grows and shrinks', () => {
    const queue = new Queue<number>();
    let next = 0;
    for (let round = 0; round < 50; round++) {
      for (let count = 0; count < 30; count++) queue.push(round * 30 + count);
      for (let count = 0; count < 25; count++) assert.equal(queue.shift(), next++);
    }
    assert.deepEqual(
      queue.clear(),
      Array.from({ length: 250 }, (_, index) => next + index),
    );
    assert.equal(queue.shift(), undefined);
    queue.push(1);
    assert.equal(queue.shift(), 1);
  });

  test('of very many is emptied in no time', () => {
    const queue = new Queue<number>();
    for (let count = 0; count < 200_000; count++) queue.push(count);
    const started = performance.now();
    while (queue.shift() !== undefined);
    assert.ok(performance.now() - started < 500, 'moving the rest for each would take minutes');
  });
});
