import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import type { PrivateDaemon } from '../../../support/private-daemon.ts';
import type { XmlLab } from './xml-lab.ts';
import type { XmlPage } from './xml-page.ts';

/** Networks, pools, volumes and snapshots, and the ways that lead to them. */
export function testObjects(lab: () => XmlLab): void {
  suite('What belongs to guests', () => {
    let xml: XmlPage;
    let daemon: PrivateDaemon;

    before(() => {
      ({ page: xml, daemon } = lab());
    });

    test('a template of each kind ends as an object, and a volume cannot be typed into', async () => {
      const { page, hosts } = xml;
      const define = async (kind: string, label: string, name: string, ...where: readonly string[]) => {
        await hosts.runCommand(`KVM: New ${kind} from Template…`);
        await hosts.take(label);
        await page.locator('.statusbar-item', { hasText: 'selected' }).waitFor();
        await page.keyboard.insertText(name);
        await xml.define();
        await xml.pick(...where);
        await xml.tab(`${name}.xml`).waitFor();
      };
      await define('Network', 'Isolated', 't-network');
      assert.match(await daemon.virsh('net-list', '--all', '--name'), /^t-network$/mu);
      await define('Storage Pool', 'Directory', 't-pool');
      assert.match(await daemon.virsh('pool-list', '--all', '--name'), /^t-pool$/mu);
      await define('Snapshot', 'disks and, where it runs', 't-snapshot', 'kept');
      assert.match(await daemon.virsh('snapshot-list', 'kept', '--name'), /^t-snapshot$/mu);
      await define('Volume', 'qcow2', 't-volume.qcow2', 'images');
      assert.match(await daemon.virsh('vol-list', 'images'), /^\s*t-volume\.qcow2/mu);
      await xml.line('<name>t-volume.qcow2</name>').click();
      await page.keyboard.insertText('x');
      assert.equal(await xml.dirty().count(), 0);
      await xml.workbench.screenshot('xml-objects-volume');
    });

    test('a network is opened by its name and saved', async () => {
      const { hosts } = xml;
      await hosts.runCommand('KVM: Open XML of…');
      await xml.pick('lab', 'Network', 'wires');
      await xml.line('<name>wires</name>').waitFor();
      xml.expectText(await daemon.virsh('net-dumpxml', '--inactive', 'wires'));
      await xml.change('77.1', '78.1');
      await xml.save();
      assert.match(await daemon.virsh('net-dumpxml', '--inactive', 'wires'), /192\.168\.78\.1/u);
    });

    test('a snapshot’s description is saved, and the snapshot beside today’s definition', async () => {
      await xml.hosts.runCommand('KVM: Open XML of…');
      await xml.pick('lab', 'Snapshot', 'kept', 'first');
      await xml.line('<description>as it was</description>').waitFor();
      xml.expectText(await daemon.virsh('snapshot-dumpxml', 'kept', 'first'));
      await xml.change('as it was', 'before all');
      await xml.save();
      assert.match(await daemon.virsh('snapshot-dumpxml', 'kept', 'first'), /before all/u);
      await daemon.virsh('setmaxmem', 'kept', '32M', '--config');
      await xml.hosts.chooseFromMenu(xml.hosts.item('kept'), 'Compare with Snapshot…');
      await xml.hosts.take('first');
      const diff = xml.page.locator('.monaco-diff-editor');
      await diff.getByText('16384').first().waitFor();
      await diff.getByText('32768').first().waitFor();
      await xml.workbench.screenshot('xml-objects-snapshot');
    });

    test('links lead to a network, a pool, a volume, an image and what that is based on', async () => {
      const { images } = lab();
      const follow = async (text: string, name: string) => {
        await xml.edit('linked');
        await xml.find(text);
        await xml.follow(text, name);
      };
      await follow('wires', 'wires.xml');
      await follow('images', 'images.xml');
      await xml.line("<pool type='dir'>").waitFor();
      await follow('disk.qcow2', 'disk.qcow2.xml');
      await xml.line('<volume').waitFor();
      await follow(`${images}/base.qcow2`, 'base.qcow2.xml');
      await xml.line('<volume').waitFor();
    });
  });
}
