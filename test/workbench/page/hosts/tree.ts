import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gesture } from '../../../support/gesture.ts';
import type { Lab } from '../../../support/lab.ts';

export const GUESTS = ['alpha', 'beta', 'gamma', 'delta'];

export function tree({ daemon, workbench, hosts }: Lab): void {
  suite('The Hosts view of a real workbench with real guests', () => {
    test('a click on Start runs the guest, and virsh agrees', async () => {
      await hosts.press('alpha', 'Start');
      await hosts.item('alpha', 'running').waitFor();
      assert.equal(await daemon.virsh('domstate', 'alpha'), 'running');
      await workbench.screenshot('hosts-running');
    });

    test('a guest that virsh destroys turns in the tree within a second', async () => {
      await daemon.virsh('start', 'delta');
      await hosts.item('delta', 'running').waitFor();
      await daemon.virsh('destroy', 'delta');
      await hosts.item('delta', 'shut off').waitFor({ timeout: 1000 });
    });

    test('forcing off three selected guests asks once and names them', async () => {
      for (const guest of ['beta', 'gamma']) await daemon.virsh('start', guest);
      await hosts.item('gamma', 'running').waitFor();
      await hosts.item('beta', 'running').waitFor();
      await hosts.item('alpha').click();
      for (const guest of ['beta', 'gamma']) await hosts.item(guest).click({ modifiers: ['Control'] });
      await hosts.chooseFromMenu(hosts.item('beta'), 'Force Off…');
      const { dialog } = hosts;
      for (const guest of ['alpha', 'beta', 'gamma']) await dialog.getByText(guest).waitFor();
      await workbench.screenshot('hosts-force-off');
      await hosts.confirm('Force Off');
      for (const guest of ['alpha', 'beta', 'gamma']) await hosts.item(guest, 'shut off').waitFor();
      assert.equal(await dialog.count(), 0);
      assert.equal(await daemon.virsh('list', '--name'), '');
    });

    test('the palette asks which domain when nothing is selected', async () => {
      const { page } = workbench;
      await hosts.item('lab').click();
      await hosts.item('lab').click();
      await hosts.runCommand('KVM: Start Paused');
      await page.getByText('Start Which Domains Paused?').waitFor();
      await hosts.choice('delta').click();
      await workbench.screenshot('hosts-palette');
      await hosts.enter();
      await hosts.item('delta', 'paused').waitFor();
      assert.equal(await daemon.virsh('domstate', 'delta'), 'paused');
    });

    test('expansion and selection survive changes from outside', async () => {
      await hosts.item('beta').click();
      await daemon.virsh('start', 'beta');
      await hosts.item('beta', 'running').waitFor();
      await daemon.virsh('undefine', 'gamma');
      await hosts.item('gamma').waitFor({ state: 'detached' });
      assert.equal(await hosts.item('beta').getAttribute('aria-selected'), 'true');
      assert.equal(await hosts.item('lab').getAttribute('aria-expanded'), 'true');
    });

    test('the filter shows only matching names and can be cleared', async () => {
      const { page } = workbench;
      const [filter, clear] = ['Filter Domains…', 'Clear Filter'].map((name) =>
        page.getByRole('button', { name }),
      );
      assert.ok(filter && clear);
      await gesture((within) => filter.click(within), hosts.input);
      await hosts.input.fill('elt');
      await hosts.item('alpha').waitFor({ state: 'detached' });
      await hosts.enter();
      await hosts.item('delta').waitFor();
      await workbench.screenshot('hosts-filter');
      await gesture((within) => clear.click(within), hosts.item('alpha'));
    });

    test('pointing at a guest tells its facts', async () => {
      const tooltip = workbench.page.locator('.workbench-hover', { hasText: 'UUID' });
      await hosts.point('beta', tooltip);
      const uuid = await daemon.virsh('domuuid', 'beta');
      assert.match((await tooltip.textContent()) ?? '', new RegExp(`running.*${uuid}`, 'su'));
      await workbench.screenshot('hosts-tooltip');
    });

    test('networks stand below their host, and follow what virsh does', async () => {
      const define = (name: string) => daemon.define(`<network><name>${name}</name></network>`, 'net-define');
      await define('lan-a');
      await hosts.expand('Networks');
      await hosts.item('lan-a').waitFor();
      await define('lan-b');
      await hosts.item('lan-b').waitFor({ timeout: 2000 });
      await workbench.screenshot('hosts-networks');
      await daemon.virsh('net-undefine', 'lan-a');
      await hosts.item('lan-a').waitFor({ state: 'detached', timeout: 2000 });
      await hosts.item('Networks').click();
      await hosts.item('lan-b').waitFor({ state: 'detached' });
      // Its domains are where they were.
      await hosts.item('beta').waitFor();
    });

    test('Edit XML opens what the host has', async () => {
      await hosts.chooseFromMenu(hosts.item('beta'), 'Edit XML');
      const editor = workbench.page.locator('.editor-instance', { hasText: '<name>beta</name>' });
      await editor.waitFor();
      await workbench.screenshot('hosts-xml');
    });
  });
}
