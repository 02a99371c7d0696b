import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Lookout } from '../../../src/rpc/lookout.ts';

const turns = () => process.getActiveResourcesInfo().includes('Immediate');

suite('A lookout for answers', () => {
  test('keeps the loop turning until nothing is awaited any more', async () => {
    let awaited = true;
    const lookout = new Lookout(() => awaited);
    lookout.sent();
    assert.ok(turns());
    awaited = false;
    lookout.heard();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    assert.ok(!turns());
  });

  test('gives up when no answer comes, and after some of these does not begin any more', async () => {
    const lookout = new Lookout(() => true);
    for (let late = 0; late < 3; late++) {
      lookout.sent();
      assert.ok(turns());
      await sleep(5);
      assert.ok(!turns());
    }
    lookout.sent();
    assert.ok(!turns());
  });

  test('begins again when answers come soon', async () => {
    const lookout = new Lookout(() => true);
    for (let late = 0; late < 4; late++) {
      lookout.sent();
      await sleep(5);
    }
    lookout.sent();
    lookout.heard();
    lookout.sent();
    assert.ok(turns());
    await sleep(5);
  });
});
