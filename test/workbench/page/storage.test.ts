import assert from 'node:assert/strict';
import { access, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { gesture } from '../../support/gesture.ts';
import { openLab } from '../../support/lab.ts';
import { startPrivateDaemon } from '../../support/private-daemon.ts';

// The pools of a host and their volumes, as a person makes, sees, changes and removes them.
const undo = new AsyncDisposableStack();
after(() => undo.disposeAsync());

const folder = await mkdtemp(join(tmpdir(), 'kvm-storage-'));
undo.defer(() => rm(folder, { recursive: true, force: true }));
const daemon = undo.use(await startPrivateDaemon());
await daemon.defineTinyOs('bystander');
const place = (name: string) => join(daemon.folder, name);

async function pool(name: string, files: readonly string[] = []): Promise<void> {
  await mkdir(place(name), { mode: 0o755 });
  for (const file of files) await writeFile(join(place(name), file), '');
  await daemon.virsh('pool-define-as', name, 'dir', '--target', place(name));
  await daemon.virsh('pool-start', name);
}
await pool('images');
await daemon.virsh('vol-create-as', 'images', 'base.qcow2', '8G', '--format', 'qcow2');
const overlay =
  'vol-create-as images web.qcow2 20G --format qcow2 --backing-vol base.qcow2 --backing-vol-format qcow2';
await daemon.virsh(...overlay.split(' '));
await pool(
  'full',
  Array.from({ length: 1_000 }, (_, n) => `volume-${n}.img`),
);
await daemon.virsh('pool-define-as', 'asleep', 'dir', '--target', place('asleep'));

const lab = await openLab(folder, daemon, 'bystander');
const { hosts, workbench } = lab;
const { page } = workbench;
undo.use(workbench);

suite('Storage in a real workbench', () => {
  test('shows pools with what is free, and volumes with what they take and lie on', async () => {
    await hosts.expand('Storage Pools');
    await hosts.item('images', 'active').waitFor();
    await hosts.item('asleep', 'inactive').waitFor();
    await hosts.expand('images');
    await hosts.item('web.qcow2', 'on base.qcow2').waitFor();
    await hosts.item('web.qcow2', '20 GiB').waitFor();
    await hosts.point('images', page.locator('.monaco-hover', { hasText: 'Directory' }));
    await workbench.screenshot('storage dark');
  });

  test('makes a volume of a size and format, which is there at once', async () => {
    await hosts.chooseFromMenu(hosts.item('images'), 'New Volume…');
    await hosts.take('qcow2');
    await hosts.input.fill('3 GiB');
    await hosts.enter();
    await hosts.input.fill('made here.qcow2');
    await workbench.screenshot('storage new volume');
    await hosts.enter();
    await hosts.item('made here.qcow2', '3 GiB').waitFor();
    const info = await daemon.virsh('vol-info', 'made here.qcow2', '--pool', 'images');
    assert.match(info, /Capacity: +3\.00 GiB/);
  });

  test('makes a volume larger', async () => {
    await hosts.chooseFromMenu(hosts.item('made here.qcow2'), 'Resize Volume…');
    await hosts.input.fill('5');
    await hosts.enter();
    await hosts.item('made here.qcow2', '5 GiB').waitFor();
  });

  test('does not delete what another volume lies on, and says which', async () => {
    await hosts.chooseFromMenu(hosts.item('base.qcow2'), 'Delete Volume…');
    await hosts.confirm('Delete');
    await hosts.notification(/Could not delete .*base\.qcow2.*belongs to web\.qcow2/u);
    await access(join(place('images'), 'base.qcow2'));
  });

  test('clones a volume, and deletes it after asking once', async () => {
    await hosts.chooseFromMenu(hosts.item('made here.qcow2'), 'Clone Volume…');
    await hosts.take('where it is');
    await hosts.take('converted');
    await hosts.input.fill('clone.img');
    await hosts.enter();
    await hosts.item('clone.img', 'raw').waitFor();
    await hosts.chooseFromMenu(hosts.item('clone.img'), 'Delete Volume…');
    await workbench.screenshot('storage delete');
    await hosts.confirm('Delete');
    await hosts.item('clone.img').waitFor({ state: 'detached' });
    await assert.rejects(access(join(place('images'), 'clone.img')));
  });

  test('creates a pool that is built, active and started with its host', async () => {
    await hosts.chooseFromMenu(hosts.item('Storage Pools'), 'New Storage Pool…');
    await workbench.screenshot('storage pool types');
    await hosts.take('image files in a directory of the host');
    await hosts.input.fill('fresh');
    await hosts.enter();
    await hosts.input.fill(place('fresh'));
    await hosts.enter();
    await hosts.item('fresh', 'active').waitFor();
    assert.match(await daemon.virsh('pool-info', 'fresh'), /running[^]*Autostart: +yes/);
    assert.ok((await stat(place('fresh'))).isDirectory());
  });

  test('stops a pool and starts it again', async () => {
    await hosts.chooseFromMenu(hosts.item('fresh'), 'Stop Storage Pool');
    await hosts.item('fresh', 'inactive').waitFor();
    await gesture((within) => hosts.press('fresh', 'Start Storage Pool', within), hosts.item('fresh', 'GiB'));
  });

  test('removes a pool and keeps what is in it, or not', async () => {
    await hosts.chooseFromMenu(hosts.item('fresh'), 'Remove Storage Pool…');
    await hosts.confirm('Delete Storage Too…');
    await hosts.confirm('Delete Storage');
    await hosts.item('fresh').waitFor({ state: 'detached' });
    await assert.rejects(access(place('fresh')));
  });

  test('looks right in a light theme', async () => {
    await hosts.runCommand('Preferences: Toggle between Light/Dark Themes');
    await page.locator('.monaco-workbench.vs').waitFor();
    await workbench.screenshot('storage light');
    await hosts.runCommand('Preferences: Toggle between Light/Dark Themes');
  });

  test('puts many volumes into groups, and reads what is unfolded', async () => {
    await hosts.expand('full');
    await hosts.expand('volume-0.img … volume-199.img');
    await hosts.item('volume-7.img', '0 bytes').waitFor();
    await workbench.screenshot('storage groups');
  });
});
