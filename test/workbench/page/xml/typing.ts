import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { gesture, gone } from '../../../support/gesture.ts';
import type { XmlLab } from './xml-lab.ts';
import type { XmlPage } from './xml-page.ts';

/** What typing in a file is like. Each test goes on with what the one before it left. */
export function testTyping(lab: () => XmlLab): void {
  suite('A file', () => {
    let xml: XmlPage;

    before(() => {
      xml = lab().page;
    });

    test('a disk is completed from an empty line by keyboard alone', async () => {
      const { keyboard } = xml.page;
      // Other people's XML stays open: whatever was told of it would be counted below.
      await xml.open('pom.xml');
      await xml.open('web.xml');
      await xml.goTo(9, 1);
      await xml.type('    <dis', xml.suggestion('disk'));
      await xml.workbench.screenshot('xml-completion');
      await keyboard.press('Enter');
      await keyboard.type('vda');
      await keyboard.press('Tab');
      await xml.saved('web.xml', /<disk>\s*<target dev='vda'\/>\s*<\/disk>/u);
    });

    test('attributes and their values are offered where they can stand', async () => {
      const { keyboard } = xml.page;
      // From the line as it was: that values are offered without another key is the answer to all of it.
      await gesture(async () => {
        await xml.goTo(10, 1);
        await keyboard.press('Shift+End');
        await keyboard.insertText("      <target dev='vda'/>");
        await xml.goTo(10, 24);
        await xml.type(' bu', xml.suggestion('bus'));
        await keyboard.press('Enter');
      }, xml.suggestion('virtio'));
      await xml.workbench.screenshot('xml-completion-values');
      await xml.type('virt', xml.suggestion('virtio').and(xml.page.locator('.focused')));
      await keyboard.press('Enter');
      await xml.saved('web.xml', /<target dev='vda' bus='virtio'\/>/u);
    });

    test('a mistake is underlined and a quick fix puts it right', async () => {
      const { page } = xml;
      await xml.goTo(10, 36);
      await page.keyboard.type('x');
      await xml.squiggle('error').first().waitFor();
      // What was completed so far is valid, and what is not libvirt's is left alone.
      await page.locator('.statusbar-item[id="status.problems"][aria-label*="Errors: 1"]').waitFor();
      await gesture(() => page.keyboard.press('F8'), page.locator('.marker-widget'));
      await xml.workbench.screenshot('xml-error');
      await page.keyboard.press('Escape');
      await xml.goTo(10, 33);
      // The bulb says that the fixes are known: a list that is asked for sooner is taken away again.
      await page.locator('.monaco-editor [class*="lightbulb"]:visible').first().waitFor();
      const fix = page
        .locator('.action-widget .monaco-list-row', { hasText: 'Replace with “virtio”' })
        .first();
      await gesture(() => page.keyboard.press('Control+.'), fix);
      await xml.workbench.screenshot('xml-quick-fix');
      await page.keyboard.press('Enter');
      await xml.squiggle('error').first().waitFor({ state: 'detached' });
      await xml.saved('web.xml', /<target dev='vda' bus='virtio'\/>/u);
    });

    test('a hover tells what libvirt says', async () => {
      await xml.goTo(9, 7);
      await xml.hover('main container for describing disks');
      await xml.workbench.screenshot('xml-hover');
    });

    test('the outline calls devices by their names', async () => {
      await gesture(() => xml.page.keyboard.press('Control+Shift+O'), xml.hosts.choice('disk vda'));
      await xml.hosts.choice('interface 52:54:00:11:22:33').waitFor();
      await xml.workbench.screenshot('xml-outline');
    });

    test('a tag closes itself, and formatting lays it out', async () => {
      const { keyboard } = xml.page;
      await xml.goTo(13, 1);
      await keyboard.press('End');
      await keyboard.press('Enter');
      await keyboard.type('<video>');
      await xml.line('<video></video>').waitFor();
      await keyboard.press('Control+Shift+K');
      await xml.goTo(3, 1);
      await keyboard.type('      ');
      await xml.hosts.runCommand('Format Document');
      await xml.saved('web.xml', /\n  <memory unit/u);
    });

    for (const pace of [30, 80, 150, 300])
      test(`end tags typed by hand, a key every ${pace} ms, are there once`, async () => {
        const { keyboard } = xml.page;
        await xml.open('typed.xml');
        await keyboard.press('Control+A');
        await keyboard.press('Delete');
        const lines = [
          '<domain>',
          '<title>4</title>',
          '<devices>',
          '<video></video>',
          '</devices>',
          '</domain>',
        ];
        for (const [index, line] of lines.entries()) {
          if (index > 0) await keyboard.press('Enter', { delay: pace });
          await keyboard.type(line, { delay: pace });
        }
        const spaced = lines.map((line) => line.replaceAll(/[/]/gu, String.raw`\/`)).join(String.raw`\s*`);
        await xml.saved('typed.xml', new RegExp(String.raw`^${spaced}\s*$`, 'u'));
      });

    test('both tags change together, by linked editing and by renaming', async () => {
      const { page } = xml;
      await xml.open('web.xml');
      await xml.goTo(4, 8);
      await page.locator('.linked-editing-decoration').first().waitFor({ state: 'attached' });
      await page.keyboard.type('x');
      await xml.line('<vcpux>2</vcpux>').waitFor();
      await page.keyboard.press('Escape');
      const name = page.locator('.rename-box input');
      await gesture(() => page.keyboard.press('F2'), name);
      await name.fill('vcpu');
      await gesture((within) => name.press('Enter', within), gone(name));
      await xml.line('<vcpu>2</vcpu>').waitFor();
      await xml.saved('web.xml', /<vcpu>2<\/vcpu>/u);
    });

    test('elements fold up to their end tags', async () => {
      const lines = xml.page.locator('.editor-instance .view-line');
      const memory = lines.filter({ hasText: '<memory' });
      await gesture(() => xml.chord('Control+K', 'Control+0'), gone(memory));
      assert.equal(await lines.filter({ hasText: '</domain>' }).count(), 1);
      await xml.workbench.screenshot('xml-folded');
      await gesture(() => xml.chord('Control+K', 'Control+J'), memory);
    });

    test('an empty document is offered libvirt’s', async () => {
      const { keyboard } = xml.page;
      await xml.open('new.xml');
      await xml.type('<netw', xml.suggestion('network'));
      await xml.workbench.screenshot('xml-root-completion');
      await keyboard.press('Enter');
      await keyboard.type('mine');
      await keyboard.press('Escape');
      await xml.saved('new.xml', /^<network>\n  <name>mine<\/name>\n  <forward mode='nat'\/>/u);
    });

    test('a chosen host warns of what it lacks and offers what it has', async () => {
      const { page } = xml;
      await xml.open('guest.xml');
      await xml.hosts.runCommand('KVM: Choose Host of XML File…');
      await xml.hosts.take('test host');
      await page.locator('.statusbar-item', { hasText: 'test host' }).waitFor();
      await xml.squiggle('warning').first().waitFor();
      await gesture(
        () => page.keyboard.press('F8'),
        page.locator('.marker-widget', {
          hasText: 'test host has no network “nowhere”. Only default is available.',
        }),
      );
      await xml.workbench.screenshot('xml-host-warning');
      await page.keyboard.press('Escape');
      await xml.goTo(9, 24);
      await gesture(() => page.keyboard.press('Control+Space'), xml.suggestion('default'));
      await xml.workbench.screenshot('xml-host-completion');
      await page.keyboard.press('Escape');
      await xml.schemasAre('Schemas of the installed libvirt');
    });

    test('the schemas of a host elsewhere are its own, and the language status says so', async () => {
      await xml.open('web.xml');
      await xml.schemasAre('Schemas that came with KVM Workbench');
      await xml.hosts.runCommand('KVM: Choose Host of XML File…');
      await xml.hosts.take('far host');
      await xml.page.locator('.statusbar-item', { hasText: 'far host' }).waitFor();
      await xml.schemasAre('on far host');
      await xml.workbench.screenshot('xml-status');
    });

    test('what it shows can be read in a light theme, too', async () => {
      const { page } = xml;
      await xml.hosts.runCommand('Preferences: Toggle between Light/Dark Themes');
      await page.locator('.monaco-workbench.vs').waitFor();
      await xml.goTo(8, 1);
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await xml.type('<inter', xml.suggestion('interface'));
      await xml.suggestionDetails(
        'interface',
        'There are several possibilities for specifying a network interface',
      );
      await xml.workbench.screenshot('xml-completion-light');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      // What was begun is an error, too: the next one to come shall be the one that is looked for.
      await page.keyboard.press('Control+Shift+K');
      await xml.goTo(4, 5);
      await page.keyboard.type('x');
      await xml.hover('did you mean <vcpu>?');
      await xml.workbench.screenshot('xml-error-hover-light');
      await page.keyboard.press('Escape');
      await xml.hosts.runCommand('Preferences: Toggle between Light/Dark Themes');
    });
  });
}
