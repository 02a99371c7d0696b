import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Inventory } from '../../../../src/model/inventory/inventory.ts';
import { environmentCommands } from '../../../../src/workbench/manifest/environment-commands.ts';
import { HostFinder } from '../../../../src/workbench/workspace/host-finder.ts';
import { ifTrusted } from '../../../../src/workbench/workspace/trust.ts';

suite('In a workspace that is not trusted', () => {
  const commands = Object.keys(environmentCommands) as (keyof typeof environmentCommands)[];

  async function whatRuns(trusted: boolean) {
    const ran: string[] = [];
    const told: string[] = [];
    for (const id of commands)
      await ifTrusted(id, async () => ran.push(id), {
        isTrusted: () => trusted,
        refuse: async (sentence) => told.push(sentence),
      })();
    return { ran, told };
  }

  test('no command does anything but those that only show something, and each says why', async () => {
    const { ran, told } = await whatRuns(false);
    assert.deepEqual(ran.toSorted(), [
      'kvm.environment.copyAddress',
      'kvm.environment.new',
      'kvm.environment.openFile',
      'kvm.environment.status',
    ]);
    assert.equal(told.length, commands.length - ran.length);
    assert.match(told[0] ?? '', /not trusted/u);
    assert.equal((await whatRuns(true)).ran.length, commands.length);
  });

  test('no file of it connects to a host', async () => {
    const inventory = { hosts: [] } as unknown as Inventory;
    let trusted = false;
    const finder = new HostFinder(inventory, Promise.resolve(), () => trusted);
    await assert.rejects(finder.connect(undefined), /not trusted/u);
    trusted = true;
    await assert.rejects(finder.connect(undefined), /^(?!.*not trusted)/u);
  });
});
