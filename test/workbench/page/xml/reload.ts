import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import type { PrivateDaemon } from '../../../support/private-daemon.ts';
import type { XmlLab } from './xml-lab.ts';
import type { XmlPage } from './xml-page.ts';

const BACKUP_MS = 3_000;

/** Comes last: it ends the daemon, and the window starts anew. */
export function testReload(lab: () => XmlLab): void {
  suite('What is not saved', () => {
    let xml: XmlPage;
    let daemon: PrivateDaemon;

    before(() => {
      ({ page: xml, daemon } = lab());
    });

    test('outlives a host that is away and a reload of the window', async () => {
      const { page, hosts } = xml;
      await xml.edit('linked');
      await xml.change('16384', '20480');
      await daemon.kill('SIGKILL');
      await hosts.item('lab', 'onnect').waitFor();
      await page.keyboard.press('Control+S');
      await hosts.notification(/Failed to save 'linked\.xml'.*Nothing was written\. /u);
      await xml.workbench.screenshot('xml-objects-away');
      await xml.dirty().waitFor();
      // VS Code keeps what is unsaved a moment after it was typed; before that, the browser asks whether to leave.
      await page.waitForTimeout(BACKUP_MS);
      const loaded = page.waitForEvent('load');
      await hosts.runCommand('Developer: Reload Window');
      await loaded;
      await page.locator('.monaco-workbench .activitybar .action-item').first().waitFor({ timeout: 60_000 });
      await xml.line('>20480</memory>').waitFor();
      await xml.workbench.screenshot('xml-objects-reloaded');
      await daemon.start();
      await xml.dirty().waitFor();
      await xml.save();
      assert.match(await daemon.virsh('dumpxml', '--inactive', 'linked'), />20480<\/memory>/u);
    });
  });
}
