import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findDomain } from '../../../../../src/engines/gdb/sessions/find-domain.ts';
import type { Inventory } from '../../../../../src/model/inventory/inventory.ts';

const uuid = '11111111-2222-3333-4444-555555555555';

/** A host whose events have not told yet that its guest was started. */
function behind(): Inventory {
  const connection = {
    domains: { lookupByUuid: async (asked: string) => ({ name: 'web', uuid: asked, id: 7 }) },
  };
  const host = {
    id: 'qemu:///system',
    name: 'lab',
    status: { kind: 'connected' },
    definition: { origin: 'local' },
    domains: new Map([[uuid, { name: 'web', uuid, id: undefined, state: 'shut-off' }]]),
    connect: async () => connection,
  };
  return { hosts: [host] } as unknown as Inventory;
}

suite('The domain that is to be debugged', () => {
  test('is the one that runs now, also when its start is not known yet', async () => {
    for (const name of ['web', uuid]) {
      const { domain } = await findDomain(behind(), undefined, name);
      assert.deepEqual(domain, { name: 'web', uuid, id: 7 });
    }
  });
});
