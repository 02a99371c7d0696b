import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Lazy } from '../../../../src/workbench/ui/lazy.ts';

class Part {
  disposed = 0;

  dispose(): void {
    this.disposed += 1;
  }
}

/** A lazy part whose making ends when the test says so. */
function slow() {
  const made: PromiseWithResolvers<Part>[] = [];
  const lazy = new Lazy(() => {
    const making = Promise.withResolvers<Part>();
    made.push(making);
    return making.promise;
  });
  return { lazy, made };
}

suite('What is loaded when it is first needed', () => {
  test('is made once, for all who ask', async () => {
    const { lazy, made } = slow();
    assert.equal(made.length, 0);
    const both = Promise.all([lazy.get(), lazy.get()]);
    const part = new Part();
    made[0]?.resolve(part);
    assert.deepEqual(await both, [part, part]);
    assert.equal(await lazy.get(), part);
    assert.equal(made.length, 1);
  });

  test('can be looked at without being made', async () => {
    const { lazy, made } = slow();
    assert.equal(await lazy.peek(), undefined);
    assert.equal(made.length, 0);
    const got = lazy.get();
    const peeked = lazy.peek();
    const part = new Part();
    made[0]?.resolve(part);
    assert.equal(await peeked, part);
    assert.equal(await got, part);
  });

  test('is tried again after a failure', async () => {
    const { lazy, made } = slow();
    const failed = lazy.get();
    const peeked = lazy.peek();
    made[0]?.reject(new Error('no such file'));
    await assert.rejects(failed, /no such file/);
    assert.equal(await peeked, undefined);
    const got = lazy.get();
    const part = new Part();
    made[1]?.resolve(part);
    assert.equal(await got, part);
  });

  test('is tried again when making it throws at once', async () => {
    let isBroken = true;
    const part = new Part();
    const lazy = new Lazy(() => {
      if (isBroken) throw new Error('broken');
      return Promise.resolve(part);
    });
    await assert.rejects(lazy.get(), /broken/);
    isBroken = false;
    assert.equal(await lazy.get(), part);
  });

  test('is disposed of once', async () => {
    const part = new Part();
    const lazy = new Lazy(() => Promise.resolve(part));
    await lazy.get();
    lazy.dispose();
    lazy.dispose();
    await lazy.peek();
    assert.equal(part.disposed, 1);
  });

  test('is disposed of when it comes too late, and given to nobody', async () => {
    const { lazy, made } = slow();
    const got = lazy.get();
    lazy.dispose();
    const part = new Part();
    made[0]?.resolve(part);
    await assert.rejects(got, { name: 'AbortError' });
    assert.equal(part.disposed, 1);
    assert.equal(await lazy.peek(), undefined);
  });

  test('is not made any more once nobody needs it', async () => {
    const { lazy, made } = slow();
    lazy.dispose();
    await assert.rejects(lazy.get(), { name: 'AbortError' });
    assert.equal(made.length, 0);
  });
});
