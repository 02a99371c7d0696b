import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, suite, test } from 'node:test';
import { execa } from 'execa';
import { eventually } from '../../support/eventually.ts';
import { gesture } from '../../support/gesture.ts';
import { openLab } from '../../support/lab.ts';
import { startPrivateDaemon } from '../../support/private-daemon.ts';
import { tinyOsXml } from '../../support/tiny-os.ts';

// Hosts and guests in every state there is, as a person sees and uses them.
const undo = new AsyncDisposableStack();
after(() => undo.disposeAsync());

/** Long enough between two keys for a person. */
const KEY_MS = 80;
/** The first one's name is how the last one's begins. */
const WEBS = ['web-1', 'web-2', 'web-3', 'web-10'];

const folder = await mkdtemp(join(tmpdir(), 'kvm-states-'));
undo.defer(() => rm(folder, { recursive: true, force: true }));
const daemon = undo.use(await startPrivateDaemon());
for (const name of ['runs', 'stands', 'sleeps', 'fell', ...WEBS]) await daemon.defineTinyOs(name);
await daemon.define(tinyOsXml({ name: 'cannot', kernel: '/no/such/kernel' }));
for (const name of ['runs', 'stands', 'sleeps', 'fell']) await daemon.virsh('start', name);
await daemon.virsh('suspend', 'stands');
await daemon.virsh('managedsave', 'sleeps');
await crash('fell');
const empty = join(daemon.folder, 'empty.xml');
await writeFile(
  empty,
  "<node><network><name>n</name><ip address='10.99.0.1' netmask='255.255.255.0'/></network></node>",
);
const lab = await openLab(folder, daemon, 'runs', [
  { name: 'desert', uri: daemon.testFileUri(empty) },
  { name: 'nowhere', uri: 'qemu+unix:///system?socket=/no/such/socket' },
  { name: 'later', uri: daemon.testUri },
]);
const { hosts, workbench } = lab;
const { page } = workbench;
undo.use(workbench);

/** The process of a guest ends as if it had been shot. */
async function crash(name: string): Promise<void> {
  const { stdout } = await execa('ps', ['-eo', 'pid,args']);
  const line = stdout
    .split('\n')
    .find((each) => each.includes(`guest=${name},`) && each.includes(daemon.folder));
  const pid = Number(line?.trim().split(' ')[0]);
  assert.ok(pid > 1, name);
  process.kill(pid, 'SIGKILL');
  const reason = () => daemon.virsh('domstate', '--reason', name);
  await eventually(`${name} is gone`, async () => (await reason()) === 'shut off (crashed)');
}

async function buttonsOf(name: string): Promise<readonly string[]> {
  const line = hosts.item(name);
  await line.hover();
  return line.locator('.action-label').evaluateAll((all) => all.map((each) => each.ariaLabel ?? ''));
}

/** What a line tells beside its name. */
async function told(name: string): Promise<string> {
  return (await hosts.item(name).locator('.label-description').textContent()) ?? '';
}

async function iconOf(name: string): Promise<string> {
  const style = await hosts.item(name).locator('.custom-view-tree-node-item-icon').getAttribute('style');
  return /(?:\/|%2F)([\w-]+)\.svg/u.exec(style ?? '')?.[1] ?? '';
}

async function picture(name: string): Promise<void> {
  await page.mouse.move(900, 500);
  for (const theme of ['dark', 'light']) {
    await workbench.screenshot(`${name}-${theme}`);
    await hosts.runCommand('Preferences: Toggle between Light/Dark Themes');
    await page.locator(`.monaco-workbench.vs${theme === 'dark' ? '' : '-dark'}`).waitFor();
  }
}

suite('Hosts and guests in every state', () => {
  afterEach(async (each) => {
    if ('passed' in each && !each.passed) await workbench.screenshot(`failed ${each.name}`);
    for (let open = 0; open < 3; open++) await page.keyboard.press('Escape');
  });

  test('tell it first, with an icon of its own', async () => {
    await hosts.press('cannot', 'Start');
    await hosts.item('cannot', 'failed to start').waitFor();
    await hosts.notification(/Could not start “.*cannot.*”/u);
    await hosts.runCommand('Notifications: Clear All Notifications');
    for (const name of ['desert', 'nowhere']) await hosts.expand(name);
    await hosts.item('No domains yet').waitFor();
    await hosts.item('Try Again').waitFor();
    const size = '1 vCPU · 16 MiB';
    const states = {
      runs: 'running',
      stands: 'paused',
      sleeps: 'saved',
      fell: 'crashed',
      'web-1': 'shut off',
    };
    for (const [name, state] of Object.entries(states)) assert.equal(await told(name), `${state} · ${size}`);
    assert.match(await told('cannot'), /^failed to start · /u);
    const icons = {
      runs: 'running',
      stands: 'paused',
      sleeps: 'saved',
      fell: 'crashed',
      cannot: 'start-failed',
    };
    for (const [name, icon] of Object.entries(icons)) assert.equal(await iconOf(name), icon);
    await picture('states');
    await page.setViewportSize({ width: 1000, height: 800 });
    await picture('states-1000');
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  test('a menu has what is wanted most, and the rest in menus by purpose', async () => {
    await hosts.item('runs').click({ button: 'right' });
    const menu = page.locator('.monaco-menu').first();
    await menu.getByRole('menuitem', { name: 'Open Console' }).waitFor();
    const entries = await menu.getByRole('menuitem').allTextContents();
    assert.ok(entries.length <= 13, entries.join());
    for (const name of ['Power', 'Guest', 'XML', 'Debugging', 'Copy'])
      assert.ok(entries.includes(name), name);
    await menu.getByRole('menuitem', { name: 'Power', exact: true }).hover();
    await page.getByRole('menuitem', { name: 'Force Off…' }).waitFor();
    await workbench.screenshot('states-menu');
  });

  test('a selection of several is offered what fits any of them, and says how many', async () => {
    await hosts.item('runs').click();
    for (const name of ['stands', 'web-1', 'web-2', 'web-3'])
      await hosts.item(name).click({ modifiers: ['Control'] });
    const start = page.getByRole('menuitem', { name: 'Start', exact: true });
    const menu = page.locator('.monaco-menu');
    await gesture(async (within) => {
      // In the tree this key would end the selection.
      if (await menu.first().isVisible()) await page.keyboard.press('Escape');
      await hosts.item('runs').click({ button: 'right', ...within });
    }, start);
    await page.waitForTimeout(300);
    await workbench.screenshot('states-mixed');
    assert.equal(await page.getByRole('menuitem', { name: 'Rename Domain…' }).count(), 0, 'it takes one');
    await page.keyboard.press('Escape');
    await menu.first().waitFor({ state: 'hidden' });
    assert.ok(!(await buttonsOf('runs')).includes('Start'), 'buttons are for the line alone');
    await hosts.chooseFromMenu(hosts.item('web-1'), 'Reset…');
    await hosts.dialog.getByText('Reset 2 of 5 domains?').waitFor();
    await hosts.confirm('Cancel');
    await hosts.chooseFromMenu(hosts.item('web-1'), 'Start');
    await page.locator('.statusbar-item', { hasText: 'Start: 3 of 5 domains' }).waitFor();
    for (const name of ['web-1', 'web-2', 'web-3']) await hosts.item(name, 'running').waitFor();
    for (const name of ['web-1', 'web-2', 'web-3']) await daemon.virsh('destroy', name);
    await hosts.item('web-3', 'shut off').waitFor();
  });

  test('a name that is typed into the question of the palette, and Enter, starts that one', async () => {
    await hosts.item('web-2').click();
    await hosts.runCommand('KVM: Start');
    await page.getByText('Start Which Domains?').waitFor();
    await page.keyboard.type('web-10', { delay: KEY_MS });
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'web-10' }).waitFor();
    await workbench.screenshot('states-palette');
    await page.keyboard.press('Enter');
    await hosts.item('web-10', 'running').waitFor();
    assert.deepEqual((await daemon.virsh('list', '--name')).split('\n').toSorted(), [
      'runs',
      'stands',
      'web-10',
    ]);
  });

  test('one that is selected in the tree is what Enter means in the palette', async () => {
    await hosts.item('web-10').click();
    await hosts.runCommand('KVM: Suspend');
    await page.getByText('Suspend Which Domains?').waitFor();
    await page.waitForTimeout(KEY_MS);
    await page.keyboard.press('Enter');
    await hosts.item('web-10', 'paused').waitFor();
    await daemon.virsh('destroy', 'web-10');
  });

  test('Enter opens, F2 renames and Delete undefines the line with the focus', async () => {
    await hosts.item('web-1').click();
    // The arrow moves the focus, and leaves the selection where it was.
    await page.keyboard.press('ArrowDown', { delay: KEY_MS });
    await page.keyboard.press('F2');
    await page.getByText(/Rename “.*web-2.*”/u).waitFor();
    await page.keyboard.press('Escape');
    await hosts.item('web-1').click();
    await page.keyboard.press('ArrowDown', { delay: KEY_MS });
    await page.keyboard.press('Delete');
    await hosts.dialog.getByText(/Undefine “.*web-2.*”\?/u).waitFor();
    await hosts.confirm('Cancel');
    await hosts.item('web-1').click();
    await page.keyboard.press('ArrowDown', { delay: KEY_MS });
    await page.keyboard.press('Enter');
    await page
      .locator('.terminal-tabs-entry, .single-terminal-tab, .pane-header, .composite.title', {
        hasText: 'web-2',
      })
      .first()
      .waitFor();
  });

  test('a tooltip that is open while a guest is started does not go on saying that it is off', async () => {
    const tooltip = page.locator('.workbench-hover', { hasText: 'UUID' });
    await hosts.point('web-3', tooltip);
    assert.match((await tooltip.textContent()) ?? '', /shut\soff/u);
    await hosts.press('web-3', 'Start');
    await hosts.item('web-3', 'running').waitFor();
    await eventually('the tooltip is true', async () => {
      // It may go while it is read: then it says nothing any more.
      const text =
        (await tooltip
          .first()
          .textContent({ timeout: 500 })
          .catch(() => '')) ?? '';
      return !/shut\soff/u.test(text);
    });
    await workbench.screenshot('states-tooltip');
    await daemon.virsh('destroy', 'web-3');
  });

  test('a host that is lost greys its guests and takes their buttons away, and a click does not give it up', async () => {
    await daemon.kill('SIGKILL');
    await hosts.item('lab', 'reconnecting').waitFor();
    assert.match(await told('runs'), /^last seen running · /u);
    assert.deepEqual(await buttonsOf('runs'), []);
    await picture('states-lost');
    await hosts.runCommand('KVM: Connect to Host');
    await hosts.take('lab');
    await hosts.notification(/Could not connect to “.*lab.*”.*It answered before/u);
    await hosts.runCommand('Notifications: Clear All Notifications');
    await hosts.item('lab', 'reconnecting').waitFor();
    await daemon.start();
    await hosts.item('lab', 'domains').waitFor({ timeout: 60_000 });
    assert.match(await told('runs'), /^running · /u);
    assert.ok((await buttonsOf('runs')).includes('Shut Down'));
  });
});
