import assert from 'node:assert/strict';
import { beforeEach, suite, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Lookout } from '../../../../src/client/rpc/lookout.ts';

/** More turns than any of these tests lets pass: one that goes on too long ends all the same. */
const ENOUGH = 50;

suite('Lookout for an answer', () => {
  let now: number;
  let asked: number;
  let awaited: boolean;
  let lookout: Lookout;

  beforeEach(() => {
    now = 0;
    asked = 0;
    awaited = true;
    lookout = new Lookout(
      () => {
        asked += 1;
        return awaited && asked < ENOUGH;
      },
      () => now,
    );
  });

  /** How often it looked in so many turns of the event loop. */
  async function looksIn(turns: number): Promise<number> {
    const before = asked;
    for (let turn = 0; turn < turns; turn += 1) await nextTurn();
    return asked - before;
  }

  /** Sends something whose answer does not come in time. */
  async function sendInVain(): Promise<void> {
    lookout.expect();
    now += 0.6;
    assert.equal(await looksIn(3), 0);
  }

  test('looks in every turn of the event loop while an answer is awaited', async () => {
    lookout.expect();
    assert.ok((await looksIn(10)) >= 9);
    awaited = false;
    await looksIn(2);
    assert.equal(await looksIn(10), 0);
  });

  test('is one lookout however much is sent', async () => {
    for (let sent = 0; sent < 5; sent += 1) lookout.expect();
    assert.ok((await looksIn(10)) <= 11);
  });

  test('looks no longer than half a millisecond', async () => {
    lookout.expect();
    assert.notEqual(await looksIn(3), 0);
    now = 0.6;
    assert.equal(await looksIn(3), 0);
  });

  test('gives up where answers are late three times in a row', async () => {
    for (let time = 0; time < 3; time += 1) await sendInVain();
    lookout.expect();
    assert.equal(await looksIn(3), 0);
  });

  test('begins again once an answer comes within a millisecond', async () => {
    for (let time = 0; time < 3; time += 1) await sendInVain();
    lookout.expect();
    now += 1.5;
    lookout.heard();
    lookout.expect();
    assert.equal(await looksIn(3), 0);
    now += 0.9;
    lookout.heard();
    lookout.expect();
    assert.notEqual(await looksIn(3), 0);
  });
});
