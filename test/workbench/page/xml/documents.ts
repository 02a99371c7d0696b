import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { domainTemplates } from '../../../../src/model/inventory/kinds/templates/domain.ts';
import { gesture, gone } from '../../../support/gesture.ts';
import type { PrivateDaemon } from '../../../support/private-daemon.ts';
import { PASSWORD, type XmlLab } from './xml-lab.ts';
import type { XmlPage } from './xml-page.ts';

/** What happens to the definition of a guest that is edited; what needs no eyes is tested in the extension host. */
export function testDocuments(lab: () => XmlLab): void {
  suite('A guest of a host', () => {
    let xml: XmlPage;
    let daemon: PrivateDaemon;

    before(() => {
      ({ page: xml, daemon } = lab());
    });

    test('is saved, and virsh shows it with the password it had; the editor shows what libvirt made of it', async () => {
      await xml.edit('calm');
      await xml.change('KiB', 'MiB');
      await xml.change('16384', '32');
      await xml.save();
      const after = await xml.definition('calm');
      assert.match(after, /<memory unit='KiB'>32768</u);
      assert.match(after, new RegExp(`passwd='${PASSWORD}'`, 'u'));
      await xml.line("<memory unit='KiB'>32768</memory>").waitFor();
      await xml.workbench.screenshot('xml-documents-saved');
      await xml.page.keyboard.press('Control+Z');
      await xml.line("<memory unit='MiB'>32</memory>").waitFor();
      await xml.revert();
    });

    test('stays unsaved when libvirt refuses it, with its words on the line they speak of', async () => {
      const before = await xml.definition('broken');
      await xml.edit('broken');
      await xml.change("machine='pc", "machine='no-such-board");
      await xml.page.keyboard.press('Control+S');
      const message = await xml.hosts.notification(
        /Failed to save 'broken\.xml'.*libvirt:\/\/lab-[0-9a-f]{6}\/domain\/broken\.xml\?.*libvirt refused it: .*no-such-board/u,
      );
      await xml.workbench.screenshot('xml-documents-refused');
      assert.doesNotMatch((await message.textContent()) ?? '', /\bat .*\.js/u);
      await xml.dirty().waitFor();
      const panel = xml.page.locator('.markers-panel');
      const togglePanel = () => xml.page.keyboard.press('Control+Shift+M');
      await gesture(async () => (await panel.isVisible()) || (await togglePanel()), panel);
      await panel.locator('.monaco-list-row', { hasText: 'no-such-board' }).first().waitFor();
      const at = before.split('\n').findIndex((each) => each.includes('machine=')) + 1;
      assert.match((await panel.textContent()) ?? '', new RegExp(`Ln ${at},`, 'u'));
      await xml.workbench.screenshot('xml-documents-problem');
      await gesture(async () => (await panel.isVisible()) && (await togglePanel()), gone(panel));
      assert.equal(await xml.definition('broken'), before);
      await xml.line('<name>broken</name>').click();
      await xml.change('no-such-board', 'pc');
      await gesture(() => xml.page.keyboard.press('Control+S'), gone(xml.dirty()));
      assert.equal(await xml.failedSaves(), 0, 'what was said of the refusal is gone');
    });

    test('is compared when somebody else changed it meanwhile, and nothing is overwritten', async () => {
      await xml.edit('raced');
      await xml.change('16384', '40960');
      await daemon.virsh('setmaxmem', 'raced', '24M', '--config');
      const theirs = await xml.definition('raced');
      await gesture(() => xml.page.keyboard.press('Control+S'), xml.hosts.dialog);
      await xml.hosts.dialog.getByText('has changed on').waitFor();
      await xml.workbench.screenshot('xml-documents-conflict');
      await xml.hosts.confirm('Compare');
      const compare = xml.page.locator('.monaco-diff-editor');
      await compare.getByText('24576').first().waitFor();
      await compare.getByText('40960').first().waitFor();
      await xml.workbench.screenshot('xml-documents-compare');
      assert.equal(await xml.definition('raced'), theirs);
      // The dialog said it: VS Code has nothing to add.
      assert.equal(await xml.failedSaves(), 0);
      await xml.page.keyboard.press('Escape');
      await gesture(() => xml.page.keyboard.press('Control+S'), xml.hosts.dialog);
      await xml.hosts.confirm('Overwrite');
      await xml.dirty().waitFor({ state: 'detached' });
      assert.match(await xml.definition('raced'), /<memory unit='KiB'>40960</u);
    });

    test('shows a change from outside where nothing is unsaved', async () => {
      await xml.edit('kept');
      const before = await xml.definition('kept');
      await daemon.define(before.replace("<vcpu placement='static'>1<", '<vcpu>3<'));
      await xml.line("<vcpu placement='static'>3</vcpu>").waitFor();
    });

    test('leaves its text when it is undefined meanwhile, and can be defined again', async () => {
      await xml.edit('gone');
      await xml.change('16384', '32768');
      await daemon.virsh('undefine', 'gone');
      await xml.page.locator('.tab.active .strikethrough').first().waitFor();
      await gesture(() => xml.page.keyboard.press('Control+S'), xml.hosts.dialog);
      await xml.hosts.dialog.getByText('is no longer on').waitFor();
      await xml.workbench.screenshot('xml-documents-gone');
      await xml.hosts.confirm('Define Again');
      await xml.page.locator('.tab.dirty').waitFor({ state: 'detached' });
      assert.match(await xml.definition('gone'), /<memory unit='KiB'>32768</u);
    });

    test('starts as a template and ends on the host', async () => {
      const { page, hosts } = xml;
      await hosts.runCommand('KVM: New Domain from Template…');
      await hosts.take('Kernel to Debug');
      await xml.line('<name>new-kernel</name>').waitFor();
      await xml.workbench.screenshot('xml-documents-template');
      await page.keyboard.insertText('from-template');
      xml.expectText(domainTemplates().find(({ label }) => label === 'Kernel to Debug')?.xml ?? '');
      await xml.change('/path/to/kernel', await daemon.tinyOsElf());
      await xml.define();
      await hosts.item('from-template').waitFor();
      await xml.tab('from-template.xml').waitFor();
      assert.match(await daemon.virsh('list', '--all', '--name'), /^from-template$/mu);
      await xml.line('<uuid>').waitFor();
      await xml.workbench.screenshot('xml-documents-defined');
    });

    test('that runs is told when a save takes effect, and can be given a device at once', async () => {
      await daemon.virsh('start', 'running');
      await xml.hosts.item('running', 'running').waitFor();
      await xml.edit('running');
      await xml.change('on-the-way', 'plugged-in');
      await xml.save();
      const message = await xml.hosts.notification('It is running; the change applies at its next start');
      await message.hover();
      await xml.workbench.screenshot('xml-documents-running');
      assert.match(await xml.definition('running'), /plugged-in/u);
      assert.doesNotMatch(await daemon.virsh('dumpxml', 'running'), /plugged-in/u);
      await xml.hosts.act(message, 'Apply Live Now');
      await xml.hosts.notification(/Attached channel plugged-in/u);
      await xml.workbench.screenshot('xml-documents-applied');
      assert.match(await daemon.virsh('dumpxml', 'running'), /plugged-in/u);
    });

    test('that runs is shown read-only, and beside what it is started with next', async () => {
      const { page, hosts } = xml;
      await hosts.chooseFromMenu(hosts.item('running', 'running'), 'Show Live XML');
      await xml.tab('running (live).xml').waitFor();
      await xml.line("<domain type='qemu' id='").click();
      await page.keyboard.insertText('x');
      assert.equal(await xml.line('x<domain').count(), 0, 'nothing can be typed');
      assert.equal(await xml.dirty().count(), 0);
      await hosts.chooseFromMenu(hosts.item('running', 'running'), 'Compare Live and Persistent XML');
      await xml.tab('Live ↔ Persistent').waitFor();
      await page
        .locator('.monaco-diff-editor .line-insert, .monaco-diff-editor .line-delete')
        .first()
        .waitFor();
      await xml.workbench.screenshot('xml-documents-live');
    });
  });
}
