import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { EnvironmentHost } from '../../../../../src/engines/environment/deploy/environment-host.ts';
import { offeredNetworks } from '../../../../../src/engines/environment/deploy/offered-networks.ts';
import { connect, type Connection } from '../../../../../src/client/libvirt/connect.ts';
import { networkKind } from '../../../../../src/model/inventory/kinds/network.ts';
import { labOver } from '../../../../support/lab-over.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../../support/private-daemon.ts';

suite('The networks that a new guest may be on', () => {
  let daemon: PrivateDaemon;
  let connection: Connection;
  let host: EnvironmentHost;

  before(async () => {
    daemon = await startPrivateDaemon();
    connection = await connect(daemon.testUri, AbortSignal.timeout(20_000));
    host = new EnvironmentHost(labOver(connection), connection);
    for (const name of ['user', 'bridge:br0'])
      await connection.networks.defineXml(`<network><name>${name}</name></network>`);
    await connection.networks.defineXml('<network><name>alone</name></network>');
  });
  after(async () => {
    connection?.close();
    await daemon?.dispose();
  });

  const own = { mode: 'nat', subnet: '10.9.8.0/24', bridge: undefined } as const;

  test('are those of the host, its default first, none whose name means something else, and none at all', async () => {
    const offered = await offeredNetworks(host, []);
    assert.deepEqual(
      offered.map(({ networks, isDefault }) => [networks.join(), isDefault]),
      [
        ['default', true],
        ['alone', false],
        ['user', false],
        ['', false],
      ],
    );
    assert.match(offered[0]?.description ?? '', /^NAT, 192\.168\.122\.1\/255\.255\.255\.0$/u);
    assert.equal(offered[1]?.description, 'isolated, not active');
  });

  test('can be started where they are not active, and are known to the host then', async () => {
    const watch = host.host.watch(networkKind);
    await host.host.connect();
    await watch.objects.completed();
    const find = async () => (await offeredNetworks(host, [])).find(({ name }) => name === 'alone');
    await (await find())?.start?.();
    const alone = [...watch.objects.records.values()].find(({ name }) => name === 'alone');
    assert.equal(alone?.active, true);
    assert.equal((await find())?.start, undefined, 'it is on');
    watch.dispose();
  });

  test('are those of the file before all of the same name, and are written down then', async () => {
    const offered = await offeredNetworks(host, [{ name: 'default', ...own }]);
    const named = offered.filter(({ name }) => name === 'default');
    assert.deepEqual(named, [
      {
        name: 'default',
        description: 'NAT, 10.9.8.0/24, in this file',
        networks: ['default'],
        isDefault: false,
      },
    ]);
  });
});
