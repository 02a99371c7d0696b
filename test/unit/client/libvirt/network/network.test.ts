import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  Networks,
  NetworkSection,
  NetworkUpdate,
} from '../../../../../src/client/libvirt/network/network.ts';
import type { RpcConnection } from '../../../../../src/client/rpc/connection.ts';
import type { Procedure } from '../../../../../src/client/rpc/procedure.ts';

const network = { name: 'net', uuid: '6695eb01-f6a4-8304-79aa-97f2502e193f' };

async function updateOn(daemon: { readonly supported: boolean }): Promise<unknown> {
  const sent: unknown[] = [];
  const rpc: unknown = {
    call: async ({ name }: Procedure<unknown, unknown>, args: unknown) => {
      if (name === 'CONNECT_SUPPORTS_FEATURE') return daemon;
      sent.push(args);
      return undefined;
    },
  };
  const change = { command: NetworkUpdate.ADD_FIRST, section: NetworkSection.DNS_HOST, xml: '<host/>' };
  await new Networks(rpc as RpcConnection).update(network, change);
  return sent[0];
}

suite('Changing a part of a network', () => {
  const rest = { network, parentIndex: -1, xml: '<host/>', flags: 0 };

  test('says what to do, then where', async () => {
    assert.deepEqual(await updateOn({ supported: true }), { ...rest, command: 4, section: 10 });
  });

  test('says it the other way round to a daemon that has them swapped', async () => {
    assert.deepEqual(await updateOn({ supported: false }), { ...rest, command: 10, section: 4 });
  });
});

test('A lease of something else than an IP address is left out', async () => {
  const lease = { interface: 'virbr0', expiryTime: 1n, type: 0, prefix: 24, mac: '52:54:00:00:00:01' };
  const items = ['10.0.0.5 -oProxyCommand=id', '10.0.0.5'].map((address) => ({ ...lease, address }));
  const rpc: unknown = { call: async () => ({ items }) };
  const leases = await new Networks(rpc as RpcConnection).dhcpLeases(network);
  assert.deepEqual(
    leases.map(({ address, version, expiryTime, mac }) => [address, version, expiryTime, mac]),
    [['10.0.0.5', 4, 1, '52:54:00:00:00:01']],
  );
});
