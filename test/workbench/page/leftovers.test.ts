import assert from 'node:assert/strict';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { execa } from 'execa';
import { openLab } from '../../support/lab.ts';
import { startPrivateDaemon } from '../../support/private-daemon.ts';
import { tinyOsXml } from '../../support/tiny-os.ts';

const undo = new AsyncDisposableStack();
after(() => undo.disposeAsync());

const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-leftovers-'));
undo.defer(() => rm(folder, { recursive: true, force: true }));
const daemon = undo.use(await startPrivateDaemon());
const [pool, outside] = [join(daemon.folder, 'pool'), join(daemon.folder, 'outside')];
for (const each of [pool, outside]) await mkdir(each);
const kernel = await daemon.tinyOsElf();

async function image(path: string, base?: string): Promise<string> {
  const from = base === undefined ? [] : ['-b', base, '-F', 'qcow2'];
  await execa('qemu-img', ['create', '-q', '-f', 'qcow2', ...from, path, '1M']);
  return path;
}

function disk(path: string, target: string): string {
  return `<disk type="file"><driver name="qemu" type="qcow2"/><source file="${path}"/><target dev="${target}" bus="virtio"/></disk>`;
}

async function define(name: string, devices: string, os = ''): Promise<void> {
  const xml = tinyOsXml({ name, kernel }).replace('<devices>', `<devices>${devices}`);
  await daemon.define(os === '' ? xml : xml.replace(/<kernel>.*<\/kernel>/u, os));
}

const base = await image(join(pool, 'base.qcow2'));
const own = await image(join(pool, 'web.qcow2'), base);
const far = await image(join(outside, 'data.qcow2'));
const other = await image(join(pool, 'db.qcow2'), base);
const nvram = join(outside, 'web_VARS.fd');
await writeFile(nvram, 'settings');
await writeFile(join(pool, 'empty.qcow2'), '');
await daemon.virsh('pool-create-as', 'images', 'dir', '--target', pool);
const firmware = '<loader readonly="yes" type="pflash">/usr/share/OVMF/OVMF_CODE.fd</loader>';
await define(
  'web',
  disk(own, 'vda') + disk(far, 'vdb'),
  `${firmware}<nvram type="file"><source file="${nvram}"/></nvram>`,
);
await define('db', disk(other, 'vda'));
await define('hollow', disk(join(pool, 'empty.qcow2'), 'vda'));
await define('busy', '');
await daemon.virsh('start', 'busy');

const { workbench, hosts } = await openLab(folder, daemon, 'web');
undo.use(workbench);

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

test('a guest with an empty disk says which file that is, and what to do', async () => {
  await hosts.press('hollow', 'Start');
  const told = await hosts.notification(/Could not start .*hollow/u);
  await told.getByText(`The disk ${join(pool, 'empty.qcow2')} is empty.`).waitFor();
  await workbench.screenshot('leftovers-empty-disk');
  await workbench.page.keyboard.press('Escape');
});

test('a memory dump asks before it replaces a file', async () => {
  const path = join(outside, 'notes.txt');
  await writeFile(path, 'a person’s own');
  for (const button of ['Cancel', 'Replace']) {
    await hosts.chooseFromMenu(hosts.item('busy'), 'Dump Guest Memory…');
    await hosts.take('ELF');
    await hosts.input.fill(path);
    await hosts.enter();
    await hosts.dialog.getByText('Replace it?').waitFor();
    await workbench.screenshot('leftovers-dump-replace');
    assert.equal(await readFile(path, 'utf8'), 'a person’s own');
    await hosts.confirm(button);
  }
  await hosts.notification(/The memory of .*busy.* is in/u);
  assert.match(await readFile(path, 'latin1'), /^\u007fELF/u);
  await workbench.page.keyboard.press('Escape');
});

test('undefine names what goes and what stays, and deletes what is ticked', async () => {
  await hosts.chooseFromMenu(hosts.item('web'), 'Undefine…');
  for (const path of [own, far]) await hosts.choice(`Disk ${path}`).click();
  await workbench.screenshot('leftovers-undefine');
  await hosts.enter();
  await hosts.dialog.getByText(`${base} is kept: ${other} needs it.`).waitFor();
  await workbench.screenshot('leftovers-undefine-question');
  await hosts.confirm('Undefine');
  await hosts.item('web').waitFor({ state: 'detached' });
  assert.deepEqual(await Promise.all([own, far, nvram, base].map(exists)), [false, false, false, true]);
});
