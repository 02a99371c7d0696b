import assert from 'node:assert/strict';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, suite, test } from 'node:test';
import type { Lab } from '../../../support/lab.ts';
import type { PrivateDaemon } from '../../../support/private-daemon.ts';
import { escapeXml, tinyOsXml } from '../../../support/tiny-os.ts';

/** Names that libvirt accepts and that could do harm where they are shown or used. */
const HOSTILE = [
  `quote"'\`back\\slash`,
  '$(trash) $(touch pwned)',
  '[link](command:workbench.action.quit)',
  '<b>bold **md**',
  'עברית \u202egnirts',
  '🦊 fox',
];

/** libvirt says it again when it refuses a name. */
const IN_A_NOTICE =
  '[go](command:workbench.action.quit) [web](https://example.org/) $(error) <a href="x">b</a> \u202etxt';

/** What the tests need of the host and of the workspace, to be there before the workbench is opened. */
export async function prepareBadInput(daemon: PrivateDaemon, folder: string): Promise<void> {
  const kernel = await daemon.tinyOsElf();
  await writeFile(join(folder, 'refused.xml'), '<domain type="qemu"><name>x</name></domain>');
  await writeFile(join(folder, 'broken.xml'), '<domain type="qemu"><name>');
  await writeFile(
    join(folder, 'hostile.xml'),
    `<domain type="qemu"><name>a/${escapeXml(IN_A_NOTICE)}</name><memory>1</memory><os><type>hvm</type></os></domain>`,
  );
  await writeFile(join(folder, 'good.xml'), tinyOsXml({ name: 'from-file', kernel }));
  const disk = await makeDisk(daemon);
  for (const name of HOSTILE) await daemon.define(tinyOsXml({ name, kernel }));
  await daemon.define(withDisk(tinyOsXml({ name: 'with-disk', kernel }), disk));
}

export function badInput({ daemon, workbench, hosts }: Lab): void {
  suite('What a person gets wrong, and names that mean harm', () => {
    const disk = diskOf(daemon);

    /** What a failed test left open is not to fail the next one. */
    afterEach(async () => {
      for (let open = 0; open < 3; open++) await workbench.page.keyboard.press('Escape');
    });

    async function callOnFile(command: string, file: string): Promise<void> {
      await hosts.openFile(file);
      // A domain that is selected in sight names the host: it is not asked for.
      await hosts.item('alpha').click();
      await hosts.chooseFromMenu(workbench.page.locator('.tab.active', { hasText: file }), command);
    }

    for (const name of HOSTILE) {
      test(`the guest called ${JSON.stringify(name)} can be read, started and stopped`, async () => {
        const shown = name.replaceAll('\u202e', String.raw`\u{202e}`);
        const line = hosts.item(shown);
        assert.equal(await line.locator('.label-name').textContent(), shown);
        await hosts.press(shown, 'Start');
        await hosts.item(shown, 'running').waitFor();
        await hosts.chooseFromMenu(line, 'Force Off…');
        const message = hosts.dialog.locator('.dialog-message-text');
        // What keeps a link from being one is invisible.
        assert.ok((await message.textContent())?.replaceAll('\u200b', '').includes(shown));
        assert.equal(await message.locator('*').count(), 0, 'plain text');
        await hosts.confirm('Force Off');
        await hosts.item(shown, 'shut off').waitFor();
      });
    }

    test('hostile names are plain text in the palette, too', async () => {
      await hosts.runCommand('KVM: Start Paused');
      await hosts.choice('$(trash) $(touch pwned)').waitFor();
      assert.equal(await workbench.page.locator('.quick-input-list .codicon-trash').count(), 0);
      await workbench.screenshot('bad-input-hostile-names');
      await workbench.page.keyboard.press('Escape');
    });

    test('XML that the daemon refuses is answered in its words', async () => {
      await callOnFile('Define Domain from XML File…', 'refused.xml');
      const message = await hosts.notification(/Could not define a domain from “.*refused\.xml.*”\. .+/u);
      assert.doesNotMatch((await message.textContent()) ?? '', /\bat .*\.js/u, 'no stack trace');
      await workbench.screenshot('bad-input-refused');
    });

    test('what a host says in a notice is text: nothing can be pressed, and nothing turns it around', async () => {
      await callOnFile('Define Domain from XML File…', 'hostile.xml');
      const message = await hosts.notification(/Could not define a domain from “.*hostile\.xml.*”\. .+/u);
      const shown = message.locator('.notification-list-item-message');
      await workbench.screenshot('bad-input-hostile-notice');
      const text = ((await shown.textContent()) ?? '').replaceAll('\u200b', '');
      assert.ok(text.includes(IN_A_NOTICE.replace('\u202e', String.raw`\u{202e}`)), text);
      assert.equal(await shown.locator('a, .codicon, b').count(), 0, 'it is plain text');
    });

    test('a file that is not XML says so', async () => {
      await callOnFile('Define Domain from XML File…', 'broken.xml');
      await hosts.notification(/Could not define a domain from “.*broken\.xml.*”\. .+/u);
    });

    test('a good file becomes a domain', async () => {
      await callOnFile('Define Domain from XML File…', 'good.xml');
      await hosts.item('from-file').waitFor();
      await workbench.page.locator('.statusbar-item', { hasText: 'from-file is defined on lab' }).waitFor();
      assert.match(await daemon.virsh('list', '--all', '--name'), /^from-file$/mu);
    });

    test('a host whose URI is wrong is told so while it is typed, and nothing typed is lost', async () => {
      const { page } = workbench;
      await hosts.runCommand('KVM: Add Host…');
      await hosts.input.fill('qemu+ssh//host');
      await page.locator('.quick-input-list', { hasText: 'is neither a libvirt URI nor an alias' }).waitFor();
      await workbench.screenshot('bad-input-no-host');
      await hosts.input.fill('root@server.invalid');
      await hosts
        .choice('root@server.invalid')
        .filter({ hasText: 'qemu+ssh://root@server.invalid/system' })
        .waitFor();
      await workbench.screenshot('bad-input-typed-host');
      await hosts.input.fill('qemu+unix:///system?socket=/no/such/socket');
      await hosts.enter();
      await hosts.input.waitFor({ state: 'hidden' });
      const message = await hosts.notification('No libvirt daemon answers at /no/such/socket');
      await hosts.act(message, 'Edit URI');
      await page.getByText('Add a libvirt Host').waitFor();
      assert.equal(await hosts.input.inputValue(), 'qemu+unix:///system?socket=/no/such/socket');
      await page.keyboard.press('Escape');
    });

    test('a host that is added is connected at once, and comes back when its removal is undone', async () => {
      const { page } = workbench;
      await hosts.runCommand('KVM: Add Host…');
      await hosts.input.fill(daemon.testUri);
      await hosts.choice(daemon.testUri).waitFor();
      await hosts.enter();
      await page.getByText('Name to show in the Hosts view').waitFor();
      await hosts.input.fill('added');
      await hosts.enter();
      await hosts.item('added', '1 domain').waitFor();
      await hosts.chooseFromMenu(hosts.item('added'), 'Remove Host');
      await hosts.item('added').waitFor({ state: 'detached' });
      await workbench.screenshot('bad-input-removed-host');
      const message = await hosts.notification('was removed from the list');
      await hosts.act(message, 'Undo');
      await hosts.item('added').waitFor();
    });

    test('undefine deletes no disk unless it is ticked, and then names it', async () => {
      await hosts.chooseFromMenu(hosts.item('with-disk'), 'Undefine…');
      await hosts.choice(`Disk ${disk}`).click();
      await workbench.screenshot('bad-input-undefine');
      await hosts.enter();
      await hosts.dialog.getByText(disk).waitFor();
      await hosts.confirm('Cancel');
      await access(disk);

      await hosts.chooseFromMenu(hosts.item('with-disk'), 'Undefine…');
      await hosts.choice(`Disk ${disk}`).click();
      await hosts.enter();
      await hosts.confirm('Undefine');
      await hosts.item('with-disk').waitFor({ state: 'detached' });
      await assert.rejects(access(disk));
    });
  });
}

function diskOf(daemon: PrivateDaemon): string {
  return join(daemon.folder, 'pool', 'disk.qcow2');
}

async function makeDisk(daemon: PrivateDaemon): Promise<string> {
  const disk = diskOf(daemon);
  const target = dirname(disk);
  await mkdir(target, { mode: 0o755 });
  await daemon.virsh('pool-define-as', 'pool', 'dir', '--target', target);
  await daemon.virsh('pool-start', 'pool');
  await daemon.virsh('vol-create-as', 'pool', 'disk.qcow2', '1M', '--format', 'qcow2');
  return disk;
}

function withDisk(xml: string, file: string): string {
  const element = `<disk type="file"><driver type="qcow2"/><source file="${escapeXml(file)}"/><target dev="vda"/></disk>`;
  return xml.replace('<devices>', `<devices>${element}`);
}
