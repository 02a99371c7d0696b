import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { suite, test } from 'node:test';
import { Lanes } from '../../../../src/workbench/workspace/lanes.ts';

suite('Lanes', () => {
  test('go on, whatever another one waits for', async () => {
    const lanes = new Lanes();
    let ended = false;
    const silent = Promise.withResolvers<void>();
    void lanes.do('silent', 'a', () => silent.promise).then(() => (ended = true));
    const done: string[] = [];
    const piece = (name: string) => async () => void done.push(name);
    await Promise.all(['a', 'b', 'c'].map((name) => lanes.do('other', name, piece(name))));
    assert.deepEqual(done, ['a', 'b', 'c']);
    assert.equal(ended, false);
    silent.resolve();
    await nextTurn();
    assert.equal(ended, true);
  });

  test('do one thing after the other', async () => {
    const lanes = new Lanes();
    let running = 0;
    const piece = async () => {
      running += 1;
      assert.equal(running, 1);
      await nextTurn();
      running -= 1;
    };
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => lanes.do('one', name, piece)));
  });

  test('do what waits already once, as it was asked for last', async () => {
    const lanes = new Lanes();
    const silent = Promise.withResolvers<void>();
    const done: number[] = [];
    const first = lanes.do('one', 'first', () => silent.promise);
    await nextTurn();
    const asked = Array.from({ length: 10_000 }, (_, count) =>
      lanes.do('one', 'again', async () => void done.push(count)),
    );
    assert.equal(new Set(asked).size, 1);
    silent.resolve();
    await Promise.all([first, ...asked]);
    assert.deepEqual(done, [9999]);
  });

  test('do again what is asked for while it is being done', async () => {
    const lanes = new Lanes();
    let count = 0;
    let again: Promise<void> | undefined;
    await lanes.do('one', 'same', async () => {
      count += 1;
      again = lanes.do('one', 'same', async () => void (count += 1));
    });
    await again;
    assert.equal(count, 2);
  });

  test('go on behind a piece that failed, which its asker is told', async () => {
    const lanes = new Lanes();
    const failing = lanes.do('one', 'a', async () => Promise.reject(new Error('no')));
    const other = lanes.do('one', 'b', async () => undefined);
    await assert.rejects(failing, /no/);
    await other;
  });
});
