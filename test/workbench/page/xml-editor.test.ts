import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { after, afterEach, before, suite, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { type PrivateDaemon, startPrivateDaemon } from '../../support/private-daemon.ts';
import { type SshServer, startSshServer } from '../../integration/support/ssh-server.ts';
import { HostsPage } from '../../support/hosts-page.ts';
import { openWorkbench, type Workbench } from '../../support/workbench.ts';

const DOMAIN = `<domain type='kvm'>
  <name>web</name>
  <memory unit='GiB'>2</memory>
  <vcpu>2</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
  </os>
  <devices>

    <interface type='network'>
      <mac address='52:54:00:11:22:33'/>
      <source network='default'/>
      <model type='virtio'/>
    </interface>
  </devices>
</domain>
`;

const GUEST = `<domain type='test'>
  <name>guest</name>
  <memory>65536</memory>
  <os>
    <type arch='i686'>hvm</type>
  </os>
  <devices>
    <interface type='network'>
      <source network='nowhere'/>
    </interface>
  </devices>
</domain>
`;

suite('The XML editor in a real workbench', () => {
  let workbench: Workbench;
  let hosts: HostsPage;
  let folder: string;
  let daemon: PrivateDaemon;
  let ssh: SshServer;

  before(async () => {
    [daemon, ssh] = await Promise.all([startPrivateDaemon(), startSshServer()]);
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-xml-'));
    await writeFile(join(folder, 'web.xml'), DOMAIN);
    await writeFile(join(folder, 'guest.xml'), GUEST);
    await writeFile(join(folder, 'new.xml'), '');
    await writeFile(join(folder, 'pom.xml'), '<project>\n  <modelVersion/>\n  <x>\n</project>\n');
    workbench = await openWorkbench({
      folder,
      settings: {
        'editor.minimap.enabled': false,
        'kvm.hosts': [
          { name: 'test host', uri: daemon.testUri },
          { name: 'far host', uri: ssh.uri({ socket: daemon.socket }) },
        ],
      },
    });
    hosts = new HostsPage(workbench);
    await open('web.xml');
  });

  after(async () => {
    await workbench?.dispose();
    await ssh?.[Symbol.asyncDispose]();
    await daemon?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(async (test) => {
    // What a person would have seen says more than where the test stopped.
    if ('passed' in test && !test.passed) await workbench.screenshot(`failed ${test.name}`);
    for (let open = 0; open < 2; open++) await workbench.page.keyboard.press('Escape');
  });

  async function open(file: string): Promise<void> {
    const { page } = workbench;
    await page.keyboard.press('Control+P');
    await hosts.input.fill(file);
    await hosts.choice(file).click();
    await page.locator('.tab.active', { hasText: file }).waitFor();
    await page.locator('.monaco-editor .view-line').first().waitFor();
  }

  async function goTo(line: number, column: number): Promise<void> {
    const { page } = workbench;
    await page.keyboard.press('Control+G');
    await hosts.input.fill(`:${line}:${column}`);
    await page.keyboard.press('Enter');
    await hosts.input.waitFor({ state: 'hidden' });
  }

  function suggestion(text: string): Locator {
    return workbench.page.locator('.suggest-widget.visible .monaco-list-row', { hasText: text }).first();
  }

  function squiggle(kind: 'error' | 'warning'): Locator {
    return workbench.page.locator(`.monaco-editor .squiggly-${kind}`);
  }

  async function hover(text: string | RegExp): Promise<void> {
    const { page } = workbench;
    // What is wrong at the cursor is told when nothing was typed for a while, and takes a hover away.
    await delay(2000);
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+I');
    await page.locator('.monaco-hover', { hasText: text }).first().waitFor();
    // It fades in.
    await delay(400);
  }

  /** Waits until the language status says so. */
  async function schemasAre(text: string): Promise<void> {
    const { page } = workbench;
    await page.mouse.move(600, 400);
    await page.locator('.statusbar-item[id="status.languageStatus"]').hover();
    await page.locator('.hover-language-status', { hasText: text }).first().waitFor();
  }

  /** What is in the file once a save has got there. */
  async function saved(file: string, expected: RegExp): Promise<void> {
    const deadline = performance.now() + 5000;
    for (;;) {
      // Again, since what a command does may come after a save.
      await workbench.page.keyboard.press('Control+S');
      const text = await readFile(join(folder, file), 'utf8');
      if (expected.test(text)) return;
      if (performance.now() > deadline) assert.match(text, expected);
      await delay(200);
    }
  }

  test('a disk is completed from an empty line by keyboard alone', async () => {
    const { page } = workbench;
    await goTo(9, 1);
    await page.keyboard.type('    <dis');
    await suggestion('disk').waitFor();
    await workbench.screenshot('xml-completion');
    await page.keyboard.press('Enter');
    await page.keyboard.type('vda');
    await page.keyboard.press('Tab');
    await saved('web.xml', /<disk>\s*<target dev='vda'\/>\s*<\/disk>/u);
    // Errors would be there by now.
    await delay(2000);
    assert.equal(await squiggle('error').count(), 0);
  });

  test('attributes and their values are offered where they can stand', async () => {
    const { page } = workbench;
    await goTo(10, 24);
    await page.keyboard.type(' bu');
    await suggestion('bus').waitFor();
    await page.keyboard.press('Enter');
    await suggestion('virtio').waitFor();
    await workbench.screenshot('xml-completion-values');
    await page.keyboard.type('virt');
    await page.keyboard.press('Enter');
    await saved('web.xml', /<target dev='vda' bus='virtio'\/>/u);
  });

  test('a mistake is underlined and a quick fix puts it right', async () => {
    const { page } = workbench;
    await goTo(10, 36);
    await page.keyboard.type('x');
    await squiggle('error').first().waitFor();
    await page.keyboard.press('F8');
    await workbench.screenshot('xml-error');
    await page.keyboard.press('Escape');
    await goTo(10, 33);
    await page.keyboard.press('Control+.');
    await page
      .locator('.action-widget .monaco-list-row', { hasText: 'Replace by “virtio”' })
      .first()
      .waitFor();
    await workbench.screenshot('xml-quick-fix');
    await page.keyboard.press('Enter');
    await squiggle('error').first().waitFor({ state: 'detached' });
    await saved('web.xml', /<target dev='vda' bus='virtio'\/>/u);
  });

  test('a hover tells what libvirt says', async () => {
    await goTo(9, 7);
    await hover('main container for describing disks');
    await workbench.screenshot('xml-hover');
  });

  test('the outline calls devices by their names', async () => {
    const { page } = workbench;
    await page.keyboard.press('Control+Shift+O');
    await hosts.choice('disk vda').waitFor();
    await hosts.choice('interface 52:54:00:11:22:33').waitFor();
    await workbench.screenshot('xml-outline');
  });

  test('a tag closes itself, and formatting lays it out', async () => {
    const { page } = workbench;
    await goTo(13, 1);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('<video>');
    await saved('web.xml', /<video><\/video>/u);
    for (let undo = 0; undo < 8; undo++) await page.keyboard.press('Control+Z');
    await goTo(3, 1);
    await page.keyboard.type('      ');
    await saved('web.xml', /\n {8}<memory unit/u);
    await hosts.runCommand('Format Document');
    await saved('web.xml', /\n  <memory unit/u);
  });

  test('both tags change together, by linked editing and by renaming', async () => {
    const { page } = workbench;
    await goTo(4, 8);
    await page.locator('.linked-editing-decoration').first().waitFor({ state: 'attached' });
    const shown = page.locator('.editor-instance .view-line');
    await page.keyboard.type('x');
    await shown.filter({ hasText: '<vcpux>2</vcpux>' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('F2');
    await page.locator('.rename-box input').fill('vcpu');
    await page.keyboard.press('Enter');
    await shown.filter({ hasText: '<vcpu>2</vcpu>' }).waitFor();
    await saved('web.xml', /<vcpu>2<\/vcpu>/u);
  });

  test('elements fold up to their end tags', async () => {
    const lines = workbench.page.locator('.editor-instance .view-line');
    await hosts.runCommand('Fold All');
    await lines.filter({ hasText: '<memory' }).waitFor({ state: 'detached' });
    assert.equal(await lines.filter({ hasText: '</domain>' }).count(), 1);
    await workbench.screenshot('xml-folded');
    await hosts.runCommand('Unfold All');
    await lines.filter({ hasText: '<memory' }).waitFor();
  });

  test('an empty document is offered libvirt’s', async () => {
    const { page } = workbench;
    await open('new.xml');
    await page.keyboard.type('<netw');
    await suggestion('network').waitFor();
    await workbench.screenshot('xml-root-completion');
    await page.keyboard.press('Enter');
    await page.keyboard.type('mine');
    await page.keyboard.press('Escape');
    await saved('new.xml', /^<network>\n  <name>mine<\/name>\n  <forward mode='nat'\/>/u);
    await delay(2000);
    assert.equal(await squiggle('error').count(), 0);
    await open('web.xml');
  });

  test('other people’s XML is left alone', async () => {
    await open('pom.xml');
    await delay(1000);
    assert.equal(await squiggle('error').count(), 0);
    await open('web.xml');
  });

  test('a chosen host warns of what it lacks and offers what it has', async () => {
    const { page } = workbench;
    await open('guest.xml');
    await hosts.runCommand('KVM: Choose Host of XML File');
    await hosts.choice('test host').click();
    await page.locator('.statusbar-item', { hasText: 'test host' }).waitFor();
    await squiggle('warning').first().waitFor();
    await page.keyboard.press('F8');
    await page
      .locator('.marker-widget', { hasText: 'test host has no network “nowhere”; it has default.' })
      .waitFor();
    await workbench.screenshot('xml-host-warning');
    await page.keyboard.press('Escape');
    await goTo(9, 24);
    await page.keyboard.press('Control+Space');
    await suggestion('default').waitFor();
    await workbench.screenshot('xml-host-completion');
    await page.keyboard.press('Escape');
    await schemasAre('Schemas of the installed libvirt');
    await open('web.xml');
  });

  test('the schemas of a host elsewhere are its own, and the language status says so', async () => {
    await schemasAre('Schemas that came with KVM Workbench');
    await hosts.runCommand('KVM: Choose Host of XML File');
    await hosts.choice('far host').click();
    await workbench.page.locator('.statusbar-item', { hasText: 'far host' }).waitFor();
    await schemasAre('Schemas of libvirt');
    await schemasAre('on far host');
    await workbench.screenshot('xml-status');
    await hosts.runCommand('KVM: Choose Host of XML File');
    await hosts.choice('No Host').click();
  });

  test('what it shows can be read in a light theme, too', async () => {
    const { page } = workbench;
    await hosts.runCommand('Preferences: Toggle between Light/Dark Themes');
    await page.locator('.monaco-workbench.vs').waitFor();
    await goTo(8, 1);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('<inter');
    await suggestion('interface bridge').waitFor();
    await page.keyboard.press('Control+Space');
    await page
      .getByText('There are several possibilities for specifying a network interface')
      .first()
      .waitFor();
    await workbench.screenshot('xml-completion-light');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    // What was begun is an error, too: the next one to come shall be the one that is looked for.
    await page.keyboard.press('Control+Shift+K');
    await goTo(3, 5);
    await hover('maximum allocation of memory for the guest');
    await workbench.screenshot('xml-hover-light');
    await page.keyboard.press('Escape');
    await goTo(4, 5);
    await page.keyboard.type('x');
    await goTo(1, 1);
    // An error at the cursor is held back for a moment.
    await squiggle('error').first().waitFor();
    await workbench.screenshot('xml-error-light');
    await goTo(4, 6);
    await hover('did you mean <vcpu>?');
    await workbench.screenshot('xml-error-hover-light');
  });
});
