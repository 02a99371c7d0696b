import assert from 'node:assert/strict';
import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { tinyOsFolder } from '../../../scripts/lib/tiny-os.ts';
import { DebugPage } from '../../support/debug-page.ts';
import { eventually } from '../../support/eventually.ts';
import { HostsPage } from '../../support/hosts-page.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../support/private-daemon.ts';
import { tinyOsXml } from '../../support/tiny-os.ts';
import { openWorkbench, type Workbench } from '../../support/workbench.ts';

/** The line of `seconds++` in count(). */
const COUNT_LINE = 38;

/** One that cannot work. */
async function addConfiguration(path: string): Promise<void> {
  const launch = JSON.parse(await readFile(path, 'utf8')) as { configurations: object[] };
  launch.configurations.push({ name: 'Attach to nobody', type: 'kvm', request: 'attach', domain: 'nobody' });
  await writeFile(path, JSON.stringify(launch));
}

suite('F5 in a real workbench', () => {
  let daemon: PrivateDaemon;
  let workbench: Workbench;
  let hosts: HostsPage;
  let debug: DebugPage;
  let folder: string;

  before(async () => {
    daemon = await startPrivateDaemon();
    // A copy: what is typed by mistake must not end in the example. It is built there, since a program knows where.
    folder = await mkdtemp(join(tmpdir(), 'tiny-os-'));
    const isSource = (path: string) => basename(path) !== 'build';
    await cp(tinyOsFolder, folder, { recursive: true, filter: isSource });
    await execa('make', ['--silent', '-C', folder]);
    const kernel = join(daemon.folder, 'kernel.elf');
    await copyFile(join(folder, 'build', 'tiny-os.elf'), kernel);
    await daemon.define(tinyOsXml({ name: 'tiny-os', kernel }));
    await addConfiguration(join(folder, '.vscode', 'launch.json'));
    workbench = await openWorkbench({
      folder,
      settings: { 'kvm.showLocalHosts': false, 'kvm.hosts': [{ name: 'lab', uri: daemon.uri }] },
    });
    hosts = new HostsPage(workbench);
    debug = new DebugPage(workbench, hosts);
  });

  after(async () => {
    await workbench?.screenshot('debug-last');
    await workbench?.dispose();
    await daemon?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  test('boots tiny-os, stops in C, steps, changes a variable, and leaves nothing behind', async () => {
    await debug.toggleBreakpoint('main.c', COUNT_LINE);
    await debug.press('F5');
    await debug.frame('count').waitFor({ timeout: 30_000 });
    assert.match(await daemon.virsh('list', '--name'), /^debug-boot-tiny-os-[0-9a-f]{6}$/);
    await debug.press('F10');
    await debug.stoppedAt(COUNT_LINE + 1);
    await debug.evaluate('seconds', '1');
    await debug.evaluate('seconds = 41', '41');
    await workbench.screenshot('debug-stopped');
    await debug.stop();
    await eventually('the guest is gone', async () => (await daemon.virsh('list', '--name')) === '');
  });

  test('says in one sentence what is missing', async () => {
    await debug.choose('Attach to nobody');
    const dialog = hosts.dialog.filter({ hasText: 'There is no domain “nobody”' });
    await dialog.waitFor();
    await workbench.screenshot('debug-refused');
    await hosts.dialog.getByRole('button', { name: 'Cancel' }).click();
    await debug.toolbar.waitFor({ state: 'hidden' });
  });
});
