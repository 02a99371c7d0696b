import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { addAgentChannel } from '../../../../../src/model/operations/domain/add-agent-channel.ts';
import { addVncDisplay } from '../../../../../src/model/operations/domain/add-vnc.ts';
import { startDomain } from '../../../../../src/model/operations/domain/start.ts';
import { useOperationBench } from './support.ts';

const CHANNEL = /<target type='virtio' name='org\.qemu\.guest_agent\.0'/u;
const SERIAL = '<controller type="virtio-serial"/></devices>';

suite('What a domain lacks', () => {
  const bench = useOperationBench();
  const xml = (name: string, ...options: string[]) => bench.daemon.virsh('dumpxml', ...options, name);

  test('is a channel for its agent: added to its definition', async () => {
    const target = await bench.define('off-agent');
    assert.deepEqual(await addAgentChannel(target, {}), { atNextStart: false });
    assert.match(await xml('off-agent', '--inactive'), CHANNEL);
  });

  test('is a channel for its agent: plugged in while it runs, where it takes one', async () => {
    const target = await bench.define('live-agent', (text) => text.replace('</devices>', SERIAL));
    await startDomain(target, {});
    assert.deepEqual(await addAgentChannel(target, {}), { atNextStart: false });
    assert.match(await xml('live-agent'), CHANNEL);
    assert.match(await xml('live-agent', '--inactive'), CHANNEL);
  });

  test('is a channel for its agent: there at the next start, where it takes none', async () => {
    const target = await bench.define('late-agent');
    await startDomain(target, {});
    const { atNextStart } = await addAgentChannel(target, {});
    assert.equal(atNextStart, !CHANNEL.test(await xml('late-agent')));
    assert.match(await xml('late-agent', '--inactive'), CHANNEL);
  });

  test('is a display: added to its definition, for its host only', async () => {
    const target = await bench.define('no-display');
    await addVncDisplay(target, { listen: { kind: 'socket' } });
    assert.match(await xml('no-display', '--inactive'), /<graphics type='vnc'[^>]*listen='127\.0\.0\.1'/u);
  });
});
