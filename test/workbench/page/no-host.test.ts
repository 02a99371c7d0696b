import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { HostsPage } from '../../support/hosts-page.ts';
import { openWorkbench } from '../../support/workbench.ts';

const undo = new AsyncDisposableStack();
after(() => undo.disposeAsync());

const folder = await mkdtemp(join(tmpdir(), 'kvm-no-host-'));
undo.defer(() => rm(folder, { recursive: true, force: true }));
const workbench = undo.use(await openWorkbench({ folder }));
const { page } = workbench;
const hosts = new HostsPage(workbench);

suite('A workbench without a host', () => {
  test('says why its views are empty, and never that nothing was found where nobody looked', async () => {
    await hosts.open();
    const welcome = page.locator('.welcome-view');
    await welcome
      .getByText('The hosts of this machine are hidden by the setting kvm.showLocalHosts')
      .waitFor();
    await welcome.getByText('Create kvm.yaml').waitFor();
    assert.equal(await welcome.getByText('No libvirt daemon was found').count(), 0);
    await workbench.screenshot('no-host-dark');
    await hosts.runCommand('Preferences: Toggle between Light/Dark Themes');
    await page.locator('.monaco-workbench.vs').waitFor();
    await workbench.screenshot('no-host-light');
  });
});
