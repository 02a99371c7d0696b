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
