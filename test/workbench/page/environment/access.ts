import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ConsolePage } from '../../../support/console-page.ts';
import { eventually } from '../../../support/eventually.ts';
import type { Shop } from './shop.ts';

/** Into guests that run: their ports, a terminal, files. */
export function testAccess(useShop: () => Shop): void {
  suite('A guest of the workspace', () => {
    test('shows its port in the browser with a click', async () => {
      const { view, workbench, port } = useShop();
      const { page } = workbench;
      await view.expand('web');
      const row = page.locator('.monaco-list-row', { hasText: '→ port 80 of the guest' });
      await row.hover();
      const opened = page.context().waitForEvent('page');
      await row.getByRole('button', { name: 'Open in Browser' }).click();
      const tab = await opened;
      // Where VS Code serves a port of its own machine. This server of it leaves the serving to others.
      await tab.waitForURL(new RegExp(`/proxy/${port}/`, 'u'));
      await tab.close();
    });

    test('has a terminal, takes files and gives them, and runs its scripts again', async () => {
      const { view, workbench, file, folder } = useShop();
      const { page } = workbench;
      const terminal = new ConsolePage(workbench, view);
      await view.runCommand('KVM: SSH into Guest');
      await terminal.sees(/\$ $|# $|~ ?[$#]/mu);
      await view.runCommand('KVM: Copy to Guest…');
      await view.choosePath(file, 'Copy');
      await page.getByText('Copy kvm.yaml to db').waitFor();
      await view.enter();
      await page.getByText('Copied kvm.yaml to db').waitFor();
      await view.runCommand('KVM: Provision Workspace Guest');
      await view.runCommand('Terminal: Focus Terminal');
      // The keys go there a moment later, unless somebody points at it.
      await terminal.focus();
      await page.keyboard.type('until [ $(wc -l <runs) = 2 ]; do sleep 1; done\n');
      await page.keyboard.type('(head -n 1 kvm.yaml; wc -l <runs; hostname) >/tmp/said; echo all" "said\n');
      await terminal.sees(/all said/u);
      await workbench.screenshot('workspace-ssh');
      await view.runCommand('KVM: Copy from Guest…');
      await page.getByText('Copy from db').waitFor();
      await view.input.fill('/tmp/said');
      await view.enter();
      await view.choosePath(folder, 'Copy Here');
      const said = await eventually('the file is here', () =>
        readFile(join(folder, 'said'), 'utf8').catch(() => undefined),
      );
      assert.equal(said, 'name: shop\n2\ndb\n');
    });

    test('says what it takes to open a folder in it', async () => {
      const { view } = useShop();
      await view.runCommand('KVM: Open Folder in Guest…');
      await view.notification(/Remote - SSH/u);
      await view.runCommand('Notifications: Clear All Notifications');
    });
  });
}
