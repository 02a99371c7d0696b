import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { buildTinyOs } from '../../../../scripts/lib/tiny-os.ts';
import { DapClient } from '../../../support/dap-client.ts';
import { useDebugBench } from './support.ts';

suite('A run that was recorded', () => {
  const bench = useDebugBench();

  test('is replayed the same way, and stepped backwards', async () => {
    const configuration = { type: 'kvm', request: 'launch', name: 'record', memory: 16 };
    const recorded = await bench.start({ ...configuration, kernel: await buildTinyOs(), record: true });
    const folder = recorded.recording?.folder ?? '';
    try {
      {
        await using debug = new DapClient(recorded.adapter);
        await debug.attach({ functions: [{ name: 'count' }] });
        await debug.event('stopped');
        await debug.request('continue', { threadId: 1 });
        await debug.event('stopped');
        await debug.disconnect();
      }
      await recorded.session.end();

      const replayed = await bench.start({ ...configuration, replay: folder });
      {
        await using debug = new DapClient(replayed.adapter);
        await debug.attach({ functions: [{ name: 'count' }] });
        assert.equal((await debug.event('capabilities'))['capabilities'] !== undefined, true);
        await debug.event('stopped');
        await debug.request('continue', { threadId: 1 });
        await debug.event('stopped');
        assert.equal(await debug.evaluate('seconds'), '1');
        await debug.request('next', { threadId: 1 });
        await debug.event('stopped');
        assert.equal(await debug.evaluate('seconds'), '2');
        await debug.request('stepBack', { threadId: 1 });
        await debug.event('stopped');
        assert.equal(await debug.evaluate('seconds'), '1', 'the step was undone');
        await debug.disconnect();
      }
      await replayed.session.end();
      assert.equal(await bench.daemon.virsh('list', '--all', '--name'), '');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
