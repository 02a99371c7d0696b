import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { FrameParser } from '../../../../src/client/rpc/frame.ts';
import { fuzz } from '../../../soak/fuzz/fuzz.ts';
import { loadTables } from '../../../soak/fuzz/tables.ts';

const SEED = 20_260;

suite('Whatever a peer sends', () => {
  test('is cut into the same frames however it is chunked, or refused', async () => {
    assert.ok((await fuzz('frames', 6000, SEED)) >= 6000);
  });

  test('is a value or a ProtocolError to every codec, and values are written as they were read', async () => {
    assert.ok((await fuzz('codecs', 8000, SEED)) >= 8000);
  });

  test('neither crashes a connection nor leaves anything that waits', async () => {
    const timers = activeTimers();
    assert.ok((await fuzz('connection', 6000, SEED)) >= 6000);
    assert.equal(activeTimers(), timers, 'no timer is left');
  });

  test('takes no more memory than one message, even byte by byte', () => {
    const length = 2 * 1024 * 1024;
    const frame = Buffer.alloc(length);
    frame.writeUInt32BE(length, 0);
    const parser = new FrameParser();
    const before = process.memoryUsage().rss;
    let frames = 0;
    for (let at = 0; at < length; at++) parser.push(frame.subarray(at, at + 1), () => frames++);
    assert.equal(frames, 1);
    const grown = process.memoryUsage().rss - before;
    assert.ok(grown < 150 * 1024 * 1024, `${Math.round(grown / 1024 / 1024)} MiB`);
  });

  test('is tried on all the tables there are', async () => {
    const { procedures, events, codecs } = await loadTables();
    assert.ok(procedures.length > 30 && events.length > 0 && codecs.length > 2 * procedures.length);
  });
});

function activeTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}
