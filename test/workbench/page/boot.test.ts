import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, suite, test } from 'node:test';
import { execa } from 'execa';
import { ConsolePage } from '../../support/console-page.ts';
import { eventually } from '../../support/eventually.ts';
import { openLab } from '../../support/lab.ts';
import { startPrivateDaemon } from '../../support/private-daemon.ts';
import { tinyOsXml } from '../../support/tiny-os.ts';

// A file of the workspace becomes a guest whose console is open, as fast as a person clicks.
const undo = new AsyncDisposableStack();
after(() => undo.disposeAsync());

/** How often each file is booted: what is told a moment too late fails now and then only. */
const TIMES = 3;

const folder = await mkdtemp(join(tmpdir(), 'kvm-boot-'));
undo.defer(() => rm(folder, { recursive: true, force: true }));
const daemon = undo.use(await startPrivateDaemon());
await daemon.defineTinyOs('bystander');
await copyFile(await daemon.tinyOsElf(), join(folder, 'tiny-os.elf'));
await writeBootDisk();
const lab = await openLab(folder, daemon, 'bystander', [{ name: 'other', uri: daemon.testUri }]);
const { hosts, workbench } = lab;
const { page } = workbench;
undo.use(workbench);
const console = new ConsolePage(workbench, hosts);

/** A disk whose boot sector says “boots” on the first serial port, again and again. */
async function writeBootDisk(): Promise<void> {
  const code = [
    [0xba, 0xf8, 0x03], // mov dx, 0x3f8
    [0xbe, 0x11, 0x7c], // again: mov si, text
    [0xac], // next: lodsb
    [0x84, 0xc0], // test al, al
    [0x74, 0xf8], // jz again
    [0xee], // out dx, al
    [0xeb, 0xf8], // jmp next
    [0x90, 0x90, 0x90],
  ].flat();
  const sector = Buffer.alloc(1024 * 1024);
  Buffer.from(code).copy(sector);
  sector.write('boots\r\n\0', code.length, 'latin1');
  sector.writeUInt16LE(0xaa55, 510);
  await writeFile(join(folder, 'raw.bin'), sector);
  await execa('qemu-img', [
    'convert',
    '-f',
    'raw',
    '-O',
    'qcow2',
    join(folder, 'raw.bin'),
    join(folder, 'disk.qcow2'),
  ]);
}

async function running(): Promise<readonly string[]> {
  return (await daemon.virsh('list', '--name')).split('\n').filter((name) => name.startsWith('boot-'));
}

async function forceOff(): Promise<void> {
  for (const name of await running()) await daemon.virsh('destroy', name);
}

async function bootFromExplorer(file: string): Promise<void> {
  await hosts.runCommand('View: Show Explorer');
  const row = page.locator('.explorer-folders-view .monaco-list-row', { hasText: file });
  await hosts.chooseFromMenu(row, 'Boot in KVM');
  await page.getByText(`Boot ${file} on Which Host?`).waitFor();
  await hosts.take('lab');
}

suite('Boot in KVM', () => {
  afterEach(async (each) => {
    if ('passed' in each && !each.passed) await workbench.screenshot(`failed ${each.name}`);
    await hosts.runCommand('Terminal: Kill All Terminals');
    await forceOff();
  });

  for (const [file, says] of [
    ['tiny-os.elf', /tiny-os/u],
    ['disk.qcow2', /boots/u],
  ] as const)
    for (let time = 1; time <= TIMES; time++)
      test(`of ${file} from the explorer shows its console and runs, time ${time}`, async () => {
        await bootFromExplorer(file);
        await console.sees(says);
        assert.equal(await page.locator('.notification-list-item').count(), 0, 'nothing is complained about');
        const [name = '', ...others] = await running();
        assert.deepEqual(others, [], 'one guest for one click');
        assert.equal(await daemon.virsh('domstate', name), 'running');
        assert.ok(name.startsWith(`boot-${file}`));
        if (time === TIMES) await workbench.screenshot(`boot-${file}`);
      });

  test('from the palette asks for the file', async () => {
    await hosts.runCommand('KVM: Boot in KVM');
    await page.getByText('Boot in KVM: Which Kernel or Image?').waitFor();
    await hosts.choosePath(join(folder, 'tiny-os.elf'));
    await page.getByText('Boot tiny-os.elf on Which Host?').waitFor();
    await hosts.take('lab');
    await console.sees(/tiny-os/u);
  });
});

suite('The host of something new', () => {
  afterEach(async (each) => {
    if ('passed' in each && !each.passed) await workbench.screenshot(`failed ${each.name}`);
    for (let open = 0; open < 3; open++) await page.keyboard.press('Escape');
  });

  const text = (name: string) => tinyOsXml({ name, kernel: join(daemon.folder, 'tiny-os.elf') });

  test('is the one that its file was chosen for, and is told', async () => {
    await writeFile(join(folder, 'chosen.xml'), text('chosen'));
    await hosts.openFile('chosen.xml');
    await hosts.runCommand('KVM: Choose Host of XML File…');
    await hosts.take('lab');
    await page.locator('.statusbar-item', { hasText: /^\s*lab$/u }).waitFor();
    await hosts.runCommand('KVM: Define on Host…');
    await page.locator('.statusbar-item', { hasText: 'chosen is defined on lab' }).waitFor();
    assert.match(await daemon.virsh('list', '--all', '--name'), /^chosen$/mu);
  });

  test('is the one that is selected in sight', async () => {
    await writeFile(join(folder, 'selected.xml'), text('selected'));
    await hosts.open();
    await hosts.openFile('selected.xml');
    await hosts.expand('lab');
    await hosts.item('bystander').click();
    await hosts.chooseFromMenu(page.locator('.tab.active', { hasText: 'selected.xml' }), 'Define on Host…');
    await page.locator('.statusbar-item', { hasText: 'selected is defined on lab' }).waitFor();
    await workbench.screenshot('which-host-selected');
  });

  test('is asked for where nothing names one', async () => {
    await writeFile(join(folder, 'asked.xml'), text('asked'));
    await hosts.openFile('asked.xml');
    await hosts.runCommand('View: Show Explorer');
    await hosts.chooseFromMenu(page.locator('.tab.active', { hasText: 'asked.xml' }), 'Define on Host…');
    await page.getByPlaceholder(/Define “.*asked.*” on Which Host\?/u).waitFor();
    await workbench.screenshot('which-host-asked');
    await hosts.take('lab');
    await page.locator('.statusbar-item', { hasText: 'asked is defined on lab' }).waitFor();
  });

  test('is asked for and shown when a guest is created, and a network that is off is offered to be started', async () => {
    await daemon.define('<network><name>default</name></network>', 'net-define');
    await hosts.runCommand('View: Show Explorer');
    const row = page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'disk.qcow2' });
    await hosts.chooseFromMenu(row, 'Create Guest from Image…');
    await page.getByText('Create the Guest on Which Host?').waitFor();
    await hosts.take('lab');
    await page.getByText('Create Guest from Image (2/3)').waitFor();
    await hosts.enter();
    await page.getByText('Create Guest from Image (3/3): Which Size and Network on lab?').waitFor();
    await page.getByPlaceholder('the network is default, which is not active yet').waitFor();
    await workbench.screenshot('which-host-network');
    await page.waitForTimeout(300);
    await page.keyboard.press('Enter');
    await hosts.dialog.getByText(/The network “.*default.*” on “.*lab.*” is not active/u).waitFor();
    await workbench.screenshot('which-host-network-off');
    await hosts.confirm('Use User Networking');
    await eventually('the file has it', async () =>
      /networks:\n\s+- user/u.test(await readFile(join(folder, 'kvm.yaml'), 'utf8').catch(() => '')),
    );
  });
});
