import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Inventory } from '../../../../../src/model/inventory/inventory.ts';
import { findHost, hostCalled, isWorthLooking } from '../../../../../src/model/operations/host/find-host.ts';

const SYSTEM = 'qemu:///system';
const FAR = 'qemu+ssh://far/system';

function inventoryOf(...hosts: readonly (readonly [name: string, uri: string])[]): Inventory {
  const inventory = new Inventory();
  inventory.setHosts(hosts.map(([name, uri]) => ({ name, uri, origin: 'configured' })));
  return inventory;
}

suite('The host that is meant', () => {
  const inventory = inventoryOf(['lab', SYSTEM], ['far', FAR], [SYSTEM, 'test:///default']);

  test('is named by its URI or what people call it, the URI first', () => {
    assert.equal(hostCalled(inventory, FAR)?.name, 'far');
    assert.equal(hostCalled(inventory, 'far')?.id, FAR);
    assert.equal(hostCalled(inventory, SYSTEM)?.name, 'lab');
    assert.equal(hostCalled(inventory, 'moon'), undefined);
  });

  test('is the first where none is named', () => {
    assert.equal(findHost(inventory, undefined).name, 'lab');
  });

  test('is asked for in words that say which there are', () => {
    assert.throws(() => findHost(inventory, 'moon'), {
      code: 'no-host',
      message: /“moon”/u,
      hint: /lab, far/u,
    });
    assert.throws(() => findHost(inventoryOf(), undefined), { code: 'no-host', hint: /Add Host/u });
  });

  test('is looked at by itself only where that costs nobody anything', () => {
    const looked = inventory.hosts.filter(isWorthLooking).map(({ name }) => name);
    assert.deepEqual(looked, ['lab', SYSTEM]);
    const [lab] = inventory.hosts;
    lab?.disconnect();
    assert.deepEqual(lab && isWorthLooking(lab), false, 'a person disconnected it');
  });
});
