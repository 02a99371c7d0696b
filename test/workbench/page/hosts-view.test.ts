import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { root } from '../../../scripts/lib/paths.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../support/private-daemon.ts';
import type { HostsPage } from '../../support/hosts-page.ts';
import { openLab } from '../../support/lab.ts';
import type { Workbench } from '../../support/workbench.ts';

const GUESTS = ['alpha', 'beta', 'gamma', 'delta'];

suite('The Hosts view of a real workbench with real guests', () => {
  let daemon: PrivateDaemon;
  let workbench: Workbench;
  let hosts: HostsPage;

  before(async () => {
    daemon = await startPrivateDaemon();
    for (const guest of GUESTS) await daemon.defineTinyOs(guest);
    ({ workbench, hosts } = await openLab(join(root, 'examples/tiny-os'), daemon, 'alpha'));
  });

  after(async () => {
    await workbench?.dispose();
    await daemon?.dispose();
  });

  function item(name: string, state = ''): Locator {
    return hosts.item(name, state);
  }

  test('a click on Start runs the guest, and virsh agrees', async () => {
    await item('alpha').hover();
    await item('alpha').getByRole('button', { name: 'Start' }).click();
    await item('alpha', 'running').waitFor();
    assert.equal(await daemon.virsh('domstate', 'alpha'), 'running');
    await workbench.screenshot('hosts-running');
  });

  test('a guest that virsh destroys turns in the tree within a second', async () => {
    await daemon.virsh('start', 'delta');
    await item('delta', 'running').waitFor();
    await daemon.virsh('destroy', 'delta');
    await item('delta', 'shut off').waitFor({ timeout: 1000 });
  });

  test('forcing off three selected guests asks once and names them', async () => {
    for (const guest of ['beta', 'gamma']) await daemon.virsh('start', guest);
    await item('gamma', 'running').waitFor();
    await item('beta', 'running').waitFor();
    await item('alpha').click();
    for (const guest of ['beta', 'gamma']) await item(guest).click({ modifiers: ['Control'] });
    await hosts.chooseFromMenu(item('beta'), 'Force Off…');
    const { dialog } = hosts;
    for (const guest of ['alpha', 'beta', 'gamma']) await dialog.getByText(guest).waitFor();
    await workbench.screenshot('hosts-force-off');
    await dialog.getByRole('button', { name: 'Force Off' }).click();
    for (const guest of ['alpha', 'beta', 'gamma']) await item(guest, 'shut off').waitFor();
    assert.equal(await dialog.count(), 0);
    assert.equal(await daemon.virsh('list', '--name'), '');
  });

  test('the palette asks which domain when nothing is selected', async () => {
    const { page } = workbench;
    await item('lab').click();
    await item('lab').click();
    await hosts.runCommand('KVM: Start Paused');
    await page.getByText('Start Paused: Which Domain?').waitFor();
    await hosts.choice('delta').click();
    await workbench.screenshot('hosts-palette');
    await page.keyboard.press('Enter');
    await item('delta', 'paused').waitFor();
    assert.equal(await daemon.virsh('domstate', 'delta'), 'paused');
  });

  test('expansion and selection survive changes from outside', async () => {
    await item('beta').click();
    await daemon.virsh('start', 'beta');
    await item('beta', 'running').waitFor();
    await daemon.virsh('undefine', 'gamma');
    await item('gamma').waitFor({ state: 'detached' });
    assert.equal(await item('beta').getAttribute('aria-selected'), 'true');
    assert.equal(await item('lab').getAttribute('aria-expanded'), 'true');
  });

  test('the filter shows only matching names and can be cleared', async () => {
    const { page } = workbench;
    await page.getByRole('button', { name: 'Filter Domains…' }).click();
    await hosts.input.fill('elt');
    await item('alpha').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await item('delta').waitFor();
    await workbench.screenshot('hosts-filter');
    await page.getByRole('button', { name: 'Clear Filter' }).click();
    await item('alpha').waitFor();
  });

  test('pointing at a guest tells its facts', async () => {
    await item('beta').hover();
    const tooltip = workbench.page.locator('.workbench-hover', { hasText: 'UUID' });
    await tooltip.waitFor();
    const uuid = await daemon.virsh('domuuid', 'beta');
    assert.match((await tooltip.textContent()) ?? '', new RegExp(`running.*${uuid}`, 'su'));
    await workbench.screenshot('hosts-tooltip');
  });

  test('Edit XML opens what the host has', async () => {
    await hosts.chooseFromMenu(item('beta'), 'Edit XML');
    const editor = workbench.page.locator('.editor-instance', { hasText: '<name>beta</name>' });
    await editor.waitFor();
    await workbench.screenshot('hosts-xml');
  });
});
