import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import {
  ensureNetwork,
  findNetwork,
  removeNetwork,
} from '../../../../../src/engines/environment/deploy/networks.ts';
import { pidOf } from '../../../../soak/faults/daemon.ts';
import { EnvironmentBench } from '../support.ts';

const skip = process.getuid?.() === 0 ? false : 'Only root can make networks';

suite('A network whose bridge was left by a daemon that died', { skip, timeout: 60_000 }, () => {
  test('starts with another', async () => {
    await using bench = await EnvironmentBench.open({ privateNetwork: true });
    const { connection, host, services, daemon } = bench;
    const declared = { name: 'lab', mode: 'isolated', subnet: undefined, bridge: undefined } as const;
    const ensure = () => ensureNetwork(host, 'b-lab', declared, services, AbortSignal.timeout(20_000));
    const bridge = async () =>
      /bridge name='([^']+)'/u.exec(await daemon.virsh('net-dumpxml', 'b-lab'))?.[1] ?? '';
    await ensure();
    const old = await bridge();
    await daemon.virsh('net-destroy', 'b-lab');
    const inside = ['-t', String(await pidOf(daemon)), '-n'];
    await execa('nsenter', [...inside, 'ip', 'link', 'add', old, 'type', 'bridge'], { stdin: 'ignore' });
    await ensure();
    const found = await findNetwork(connection, 'b-lab');
    assert.equal(found?.active, true);
    assert.notEqual(await bridge(), old);
    assert.equal(found.record?.id, services.id);
    await removeNetwork(connection, found);
  });
});
