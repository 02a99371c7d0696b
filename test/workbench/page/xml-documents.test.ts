import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { after, afterEach, before, suite, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { TEMPLATES } from '../../../src/commands/document/templates.ts';
import type { HostsPage } from '../../support/hosts-page.ts';
import { openLab } from '../../support/lab.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../support/private-daemon.ts';
import { tinyOsXml } from '../../support/tiny-os.ts';
import type { Workbench } from '../../support/workbench.ts';

const PASSWORD = 'hush-vnc';

suite('The XML of what is on a host, edited', () => {
  let daemon: PrivateDaemon;
  let workbench: Workbench;
  let hosts: HostsPage;
  let folder: string;
  /** The text in the editor. */
  let shown: string;

  before(async () => {
    daemon = await startPrivateDaemon();
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-documents-'));
    const kernel = await daemon.tinyOsElf();
    for (const name of ['calm', 'broken', 'raced', 'named', 'gone', 'outside'])
      await daemon.define(tinyOsXml({ name, kernel }));
    const graphics = `<graphics type="vnc" port="-1" passwd="${PASSWORD}"/></devices>`;
    await daemon.define(tinyOsXml({ name: 'secret', kernel }).replace('</devices>', graphics));
    const channel = `<controller type="virtio-serial"/><channel type="unix"><target type="virtio" name="on-the-way"/></channel></devices>`;
    await daemon.define(tinyOsXml({ name: 'running', kernel }).replace('</devices>', channel));
    ({ workbench, hosts } = await openLab(folder, daemon, 'calm'));
  });

  after(async () => {
    await workbench?.dispose();
    await daemon?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    for (let open = 0; open < 3; open++) await workbench.page.keyboard.press('Escape');
    await hosts.runCommand('Notifications: Clear All Notifications');
    const tabs = workbench.page.locator('.tabs-container .tab');
    for (let open = await tabs.count(); open > 0; open--)
      await hosts.runCommand('View: Revert and Close Editor');
  });

  async function edit(name: string): Promise<void> {
    await hosts.chooseFromMenu(hosts.item(name), 'Edit XML');
    await line(`<name>${name}</name>`).waitFor();
    await line(`<name>${name}</name>`).click();
    shown = await definition(name);
  }

  function line(text: string): Locator {
    return workbench.page.locator('.editor-instance .view-line', { hasText: text }).first();
  }

  /** Types over the first `old`: a word, since brackets and quotes would be completed. */
  async function change(old: string, text: string): Promise<void> {
    const { page } = workbench;
    const before = shown.slice(0, shown.indexOf(old)).split('\n');
    await page.keyboard.press('Control+G');
    await hosts.input.fill(`:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`);
    await page.keyboard.press('Enter');
    await hosts.input.waitFor({ state: 'hidden' });
    for (const _ of old) await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.insertText(text);
    shown = shown.replace(old, text);
    await dirty().waitFor();
  }

  function dirty(): Locator {
    return workbench.page.locator('.tab.active.dirty');
  }

  async function save(): Promise<void> {
    await workbench.page.keyboard.press('Control+S');
  }

  function definition(name: string): Promise<string> {
    return daemon.virsh('dumpxml', '--inactive', '--security-info', name);
  }

  test('more memory is saved, and virsh shows it; the editor shows what libvirt made of it', async () => {
    await edit('calm');
    await change('KiB', 'MiB');
    await change('16384', '32');
    await save();
    await dirty().waitFor({ state: 'detached' });
    assert.match(await definition('calm'), /<memory unit='KiB'>32768</u);
    await line("<memory unit='KiB'>32768</memory>").waitFor();
    await workbench.screenshot('xml-documents-saved');
    await workbench.page.keyboard.press('Control+Z');
    await line("<memory unit='MiB'>32</memory>").waitFor();
  });

  test('what libvirt refuses stays unsaved, with its words on the line they speak of', async () => {
    const before = await definition('broken');
    await edit('broken');
    await change("machine='pc", "machine='no-such-board");
    await save();
    const message = await hosts.notification(/Could not save “.*broken.*”: .*no-such-board/u);
    await workbench.screenshot('xml-documents-refused');
    assert.doesNotMatch((await message.textContent()) ?? '', /\bat .*\.js/u);
    await dirty().waitFor();
    await hosts.runCommand('Problems: Focus on Problems View');
    const problem = workbench.page.locator('.markers-panel .monaco-list-row', { hasText: 'no-such-board' });
    await problem.first().waitFor();
    const text = await workbench.page.locator('.markers-panel').textContent();
    const at = before.split('\n').findIndex((each) => each.includes('machine=')) + 1;
    assert.match(text ?? '', new RegExp(`Ln ${at},`, 'u'));
    await workbench.screenshot('xml-documents-problem');
    await hosts.runCommand('View: Hide Panel');
    assert.equal(await definition('broken'), before);
  });

  test('what somebody else changed meanwhile is compared, and nothing is overwritten', async () => {
    await edit('raced');
    await change('16384', '40960');
    await daemon.virsh('setmaxmem', 'raced', '24M', '--config');
    const theirs = await definition('raced');
    await delay(500);
    await save();
    const compare = workbench.page.locator('.monaco-diff-editor');
    await compare.getByText('24576').first().waitFor();
    await compare.getByText('40960').first().waitFor();
    await workbench.screenshot('xml-documents-compare');
    assert.equal(await definition('raced'), theirs);
    const message = await hosts.notification('was changed on the host since it was opened');
    await message.hover();
    await workbench.screenshot('xml-documents-conflict');
    await message.getByRole('button', { name: 'Overwrite' }).click();
    await dirty().waitFor({ state: 'detached' });
    assert.match(await definition('raced'), /<memory unit='KiB'>40960</u);
  });

  test('a VNC password survives an edit of something else', async () => {
    await edit('secret');
    await change('16384', '32768');
    await save();
    await dirty().waitFor({ state: 'detached' });
    const after = await definition('secret');
    assert.match(after, new RegExp(`passwd='${PASSWORD}'`, 'u'));
    assert.match(after, /<memory unit='KiB'>32768</u);
  });

  test('another name or UUID in the text is refused clearly', async () => {
    const before = await definition('named');
    await edit('named');
    await change('named', 'other');
    await save();
    await hosts.notification(/The name is other, but this domain has named/u);
    await workbench.screenshot('xml-documents-renamed');
    await dirty().waitFor();
    assert.equal(await definition('named'), before);
    assert.doesNotMatch(await daemon.virsh('list', '--all', '--name'), /^other$/mu);
  });

  test('a change from outside shows where nothing is unsaved', async () => {
    await edit('outside');
    const changed = (await definition('outside')).replace("<vcpu placement='static'>1<", '<vcpu>3<');
    await daemon.define(changed);
    await line("<vcpu placement='static'>3</vcpu>").waitFor();
  });

  test('a domain that is undefined meanwhile leaves its text, which can be defined again', async () => {
    await edit('gone');
    await change('16384', '32768');
    await daemon.virsh('undefine', 'gone');
    await delay(500);
    await save();
    const message = await hosts.notification('is not on its host any more. Your text');
    await workbench.screenshot('xml-documents-gone');
    await message.hover();
    await message.getByRole('button', { name: 'Define Again' }).click();
    await workbench.page.locator('.tab.dirty').waitFor({ state: 'detached' });
    assert.match(await definition('gone'), /<memory unit='KiB'>32768</u);
  });

  test('a new domain starts as a template and ends on the host', async () => {
    const { page } = workbench;
    await hosts.runCommand('KVM: New Domain from Template…');
    await hosts.choice('Kernel to Debug').click();
    await line('<name>new-kernel</name>').waitFor();
    await workbench.screenshot('xml-documents-template');
    await page.keyboard.insertText('from-template');
    shown = TEMPLATES.domain.map(({ xml }) => xml).find((xml) => xml.includes('new-kernel')) ?? '';
    await change('/path/to/kernel', await daemon.tinyOsElf());
    await page.locator('.editor-actions').getByRole('button', { name: 'Define on Host…' }).click();
    await hosts.item('from-template').waitFor();
    await page.locator('.tab.active', { hasText: 'from-template.xml' }).waitFor();
    assert.match(await daemon.virsh('list', '--all', '--name'), /^from-template$/mu);
    await line('<uuid>').waitFor();
    await workbench.screenshot('xml-documents-defined');
  });

  test('while it runs, a save says when it takes effect, and a disk can be plugged in at once', async () => {
    await daemon.virsh('start', 'running');
    await hosts.item('running', 'running').waitFor();
    await edit('running');
    await change('on-the-way', 'plugged-in');
    await save();
    await dirty().waitFor({ state: 'detached' });
    const message = await hosts.notification(
      'It is running, so that this takes effect when it is started next',
    );
    await message.hover();
    await workbench.screenshot('xml-documents-running');
    assert.match(await definition('running'), /plugged-in/u);
    assert.doesNotMatch(await daemon.virsh('dumpxml', 'running'), /plugged-in/u);
    await message.getByRole('button', { name: 'Apply Live Now' }).click();
    await hosts.notification(/attached channel plugged-in/u);
    await workbench.screenshot('xml-documents-applied');
    assert.match(await daemon.virsh('dumpxml', 'running'), /plugged-in/u);
  });

  test('what runs is shown read-only, and beside what it is started with next', async () => {
    const { page } = workbench;
    await hosts.chooseFromMenu(hosts.item('running', 'running'), 'Show Live XML');
    await page.locator('.tab.active', { hasText: 'running (live).xml' }).waitFor();
    await line("<domain type='qemu' id='").click();
    await page.keyboard.insertText('x');
    assert.equal(await line('x<domain').count(), 0, 'nothing can be typed');
    assert.equal(await dirty().count(), 0);
    await hosts.chooseFromMenu(hosts.item('running', 'running'), 'Compare Live and Persistent XML');
    await page.locator('.tab.active', { hasText: 'Live ↔ Persistent' }).waitFor();
    await page
      .locator('.monaco-diff-editor .line-insert, .monaco-diff-editor .line-delete')
      .first()
      .waitFor();
    await workbench.screenshot('xml-documents-live');
  });
});
