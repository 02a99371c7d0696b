import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { execa } from 'execa';
import type { Locator } from 'playwright-core';
import type { HostsPage } from '../../support/hosts-page.ts';
import { openLab } from '../../support/lab.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../support/private-daemon.ts';
import { tinyOsXml } from '../../support/tiny-os.ts';
import type { Workbench } from '../../support/workbench.ts';

const NETWORK = `<network>
  <name>wires</name>
  <ip address='192.168.77.1' netmask='255.255.255.0'/>
</network>`;

const BACKUP_MS = 3_000;

suite('The XML of networks, pools, volumes and snapshots', () => {
  let daemon: PrivateDaemon;
  let workbench: Workbench;
  let hosts: HostsPage;
  let folder: string;
  let images: string;

  before(async () => {
    daemon = await startPrivateDaemon();
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-objects-'));
    images = join(daemon.folder, 'images');
    await mkdir(images, { mode: 0o755 });
    await execa('qemu-img', ['create', '-q', '-f', 'qcow2', join(images, 'disk.qcow2'), '1M']);
    await give('net-define', NETWORK);
    await give('pool-define', poolXml('images', images));
    await daemon.virsh('pool-start', 'images');
    const disk = `<disk type="file" device="disk"><driver name="qemu" type="qcow2"/><source file="${images}/disk.qcow2"/><target dev="vda" bus="virtio"/></disk>`;
    const second = `<disk type="volume" device="disk"><driver name="qemu" type="qcow2"/><source pool="images" volume="disk.qcow2"/><target dev="vdb" bus="virtio"/></disk>`;
    const card = '<interface type="network"><source network="wires"/></interface>';
    const kernel = await daemon.tinyOsElf();
    const plain = (name: string) => tinyOsXml({ name, kernel });
    await daemon.define(plain('kept').replace('</devices>', `${disk}</devices>`));
    await daemon.define(plain('linked').replace('</devices>', `${disk}${second}${card}</devices>`));
    await daemon.virsh('snapshot-create-as', 'kept', 'first', 'as it was');
    ({ workbench, hosts } = await openLab(folder, daemon, 'kept'));
  });

  after(async () => {
    await workbench?.dispose();
    await daemon?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(async (test) => {
    // What a person would have seen says more than where the test stopped.
    if ('passed' in test && !test.passed) await workbench.screenshot(`failed ${test.name}`);
    for (let open = 0; open < 3; open++) await workbench.page.keyboard.press('Escape');
    await hosts.runCommand('Notifications: Clear All Notifications');
    const tabs = workbench.page.locator('.tabs-container .tab');
    for (let open = await tabs.count(); open > 0; open--)
      await hosts.runCommand('View: Revert and Close Editor');
  });

  function poolXml(name: string, path: string): string {
    return `<pool type='dir'><name>${name}</name><target><path>${path}</path></target></pool>`;
  }

  async function give(command: string, xml: string): Promise<void> {
    const file = join(daemon.folder, 'given.xml');
    await writeFile(file, xml);
    await daemon.virsh(command, file);
  }

  function line(text: string | RegExp): Locator {
    return workbench.page.locator('.editor-instance .view-line', { hasText: text }).first();
  }

  function tab(name: string): Locator {
    return workbench.page.locator('.tab.active', { hasText: name });
  }

  function dirty(): Locator {
    return workbench.page.locator('.tab.active.dirty');
  }

  async function open(...choices: readonly string[]): Promise<void> {
    await hosts.runCommand('KVM: Open XML of…');
    for (const choice of choices) await hosts.choice(choice).click();
  }

  /** Puts the cursor before the first such text in what `virsh` prints. */
  async function goTo(shown: string, text: string): Promise<void> {
    const { page } = workbench;
    const before = shown.slice(0, shown.indexOf(text)).split('\n');
    await page.keyboard.press('Control+G');
    await hosts.input.fill(`:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`);
    await page.keyboard.press('Enter');
    await hosts.input.waitFor({ state: 'hidden' });
  }

  /** Types over the first `old` in the editor's text, a word: brackets and quotes would be completed. */
  async function change(shown: string, old: string, text: string): Promise<void> {
    const { page } = workbench;
    await goTo(shown, old);
    for (const _ of old) await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.insertText(text);
    await dirty().waitFor();
  }

  async function save(): Promise<void> {
    await workbench.page.keyboard.press('Control+S');
    await dirty().waitFor({ state: 'detached' });
  }

  test('a network and a pool are saved, and virsh shows it', async () => {
    await open('Network', 'wires');
    await line('<name>wires</name>').waitFor();
    await change(await daemon.virsh('net-dumpxml', '--inactive', 'wires'), '77.1', '78.1');
    await save();
    assert.match(await daemon.virsh('net-dumpxml', '--inactive', 'wires'), /192\.168\.78\.1/u);
    await open('Storage pool', 'images');
    await line('<name>images</name>').waitFor();
    await change(await daemon.virsh('pool-dumpxml', '--inactive', 'images'), '0755', '0700');
    await save();
    assert.match(await daemon.virsh('pool-dumpxml', '--inactive', 'images'), /<mode>0700</u);
  });

  test('a volume is shown and cannot be typed into', async () => {
    const { page } = workbench;
    await open('Volume', 'images', 'disk.qcow2');
    await line('<name>disk.qcow2</name>').click();
    await page.keyboard.insertText('x');
    assert.equal(await dirty().count(), 0);
    await workbench.screenshot('xml-objects-volume');
  });

  test('a snapshot’s description is saved, and the snapshot beside today’s definition', async () => {
    await open('Snapshot', 'kept', 'first');
    await line('<description>as it was</description>').waitFor();
    await change(await daemon.virsh('snapshot-dumpxml', 'kept', 'first'), 'as it was', 'before all');
    await save();
    assert.match(await daemon.virsh('snapshot-dumpxml', 'kept', 'first'), /before all/u);
    await daemon.virsh('setmaxmem', 'kept', '32M', '--config');
    await hosts.chooseFromMenu(hosts.item('kept'), 'Compare with Snapshot…');
    await hosts.choice('first').click();
    const diff = workbench.page.locator('.monaco-diff-editor');
    await diff.getByText('16384').first().waitFor();
    await diff.getByText('32768').first().waitFor();
    await workbench.screenshot('xml-objects-snapshot');
  });

  test('a template of each other kind ends as an object', async () => {
    const { page } = workbench;
    const define = async (kind: string, label: string, name: string, parent?: string) => {
      await hosts.runCommand(`KVM: New ${kind} from Template…`);
      await hosts.choice(label).click();
      await page.locator('.statusbar-item', { hasText: 'selected' }).waitFor();
      await page.keyboard.insertText(name);
      await page.locator('.editor-actions').getByRole('button', { name: 'Define on Host…' }).click();
      if (parent !== undefined) {
        // The list is filled from the host: what is chosen by its name is what Enter takes.
        await hosts.choice(parent).waitFor();
        await hosts.input.fill(parent);
        await page.keyboard.press('Enter');
      }
      await tab(`${name}.xml`).waitFor();
    };
    await define('Network', 'Isolated', 't-network');
    assert.match(await daemon.virsh('net-list', '--all', '--name'), /^t-network$/mu);
    await define('Storage Pool', 'Directory', 't-pool');
    assert.match(await daemon.virsh('pool-list', '--all', '--name'), /^t-pool$/mu);
    await define('Volume', 'qcow2', 't-volume.qcow2', 'images');
    assert.match(await daemon.virsh('vol-list', 'images'), /^\s*t-volume\.qcow2/mu);
    await define('Snapshot', 'disks and, where it runs', 't-snapshot', 'kept');
    assert.match(await daemon.virsh('snapshot-list', 'kept', '--name'), /^t-snapshot$/mu);
  });

  test('links lead to a network, a pool, a volume and an image', async () => {
    const { page } = workbench;
    const follow = async (text: string, name: string) => {
      await hosts.chooseFromMenu(hosts.item('linked'), 'Edit XML');
      await tab('linked.xml').waitFor();
      // The first one shows that the editor has settled.
      await page.locator('.detected-link').first().waitFor();
      await goTo(await daemon.virsh('dumpxml', '--inactive', 'linked'), text);
      await page
        .locator(`.detected-link:text-is("${text}")`)
        .first()
        .click({ modifiers: ['ControlOrMeta'] });
      await tab(name).waitFor();
    };
    await follow('wires', 'wires.xml');
    await follow('images', 'images.xml');
    await line("<pool type='dir'>").waitFor();
    await follow(`${images}/disk.qcow2`, 'disk.qcow2.xml');
    await line('<volume').waitFor();
  });

  test('unsaved text outlives a host that is away and a reload of the window', async () => {
    const { page } = workbench;
    await hosts.chooseFromMenu(hosts.item('linked'), 'Edit XML');
    await tab('linked.xml').waitFor();
    await change(await daemon.virsh('dumpxml', '--inactive', 'linked'), '16384', '20480');
    await daemon.kill('SIGKILL');
    await hosts.item('lab', 'onnect').waitFor();
    await page.keyboard.press('Control+S');
    await hosts.notification(/Could not save “.*linked.*”/u);
    await workbench.screenshot('xml-objects-away');
    await dirty().waitFor();
    // VS Code keeps what is unsaved a moment after it was typed; before that, the browser asks whether to leave.
    await page.waitForTimeout(BACKUP_MS);
    const loaded = page.waitForEvent('load');
    await hosts.runCommand('Developer: Reload Window');
    await loaded;
    await page.locator('.monaco-workbench .activitybar .action-item').first().waitFor({ timeout: 60_000 });
    await line('>20480</memory>').waitFor();
    await workbench.screenshot('xml-objects-reloaded');
    await daemon.start();
    await dirty().waitFor();
    await page.keyboard.press('Control+S');
    await dirty().waitFor({ state: 'detached' });
    assert.match(await daemon.virsh('dumpxml', '--inactive', 'linked'), />20480<\/memory>/u);
  });
});
