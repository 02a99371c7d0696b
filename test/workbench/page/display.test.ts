import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, suite, test } from 'node:test';
import { ConsolePage } from '../../support/console-page.ts';
import { eventually } from '../../support/eventually.ts';
import { gesture } from '../../support/gesture.ts';
import { openLab } from '../../support/lab.ts';
import { startPrivateDaemon } from '../../support/private-daemon.ts';
import { tinyOsXml } from '../../support/tiny-os.ts';

/** A finger stays on a key for so long. */
const PRESS_MS = 120;
const SCREEN = `<graphics type="vnc" autoport="yes" listen="127.0.0.1"/>
  <video><model type="vga"/></video></devices>`;

const undo = new AsyncDisposableStack();
after(() => undo.disposeAsync());

const folder = await mkdtemp(join(tmpdir(), 'kvm-display-'));
undo.defer(() => rm(folder, { recursive: true, force: true }));
await writeFile(join(folder, 'kvm.yaml'), 'guests:\n  one: { multiboot: ./no.elf }\n');
const daemon = undo.use(await startPrivateDaemon());
const kernel = await daemon.tinyOsElf();
await daemon.define(tinyOsXml({ name: 'screen', kernel }).replace('</devices>', SCREEN));
await daemon.define(tinyOsXml({ name: 'blind', kernel }));
for (const name of ['screen', 'blind']) await daemon.virsh('start', name);
const { hosts, workbench } = await openLab(folder, daemon, 'screen');
undo.use(workbench);
const { page } = workbench;
const console = new ConsolePage(workbench, hosts);

/** The names of the pictures that the tab in front shows. */
async function icons(): Promise<string> {
  const images: unknown = await page.evaluate(
    `[...document.querySelectorAll('.tab.active, .tab.active *')].flatMap((each) =>
      [undefined, '::before'].map((part) => getComputedStyle(each, part).backgroundImage))
      .filter((image) => image !== 'none').join(' ')`,
  );
  return decodeURIComponent(String(images));
}

async function showsIcon(name: string): Promise<void> {
  let seen = '';
  await eventually(
    `the tab has the icon “${name}”`,
    async () => (seen = await icons()).includes(`/${name}.svg`),
    15_000,
  ).catch(() => assert.fail(`no “${name}” in ${seen}`));
}

/** What somebody hears who does not see the page. */
const hears = (text: string) =>
  console.display().locator('#heard', { hasText: text }).waitFor({ state: 'attached' });

suite('A display', () => {
  afterEach(async (t) => {
    if ('passed' in t && !t.passed) await workbench.screenshot(`failed ${t.name.slice(0, 40)}`);
  });

  test('is left by keyboard, and the rest of VS Code is reached by keyboard then', async () => {
    await gesture((within) => hosts.press('screen', 'Open Display', within), page.locator('iframe.webview'));
    await console.shows();
    await showsIcon('running');
    const canvas = console.display().locator('canvas');
    // A click would capture the mouse of a guest without a tablet, which a browser without a window cannot hold still.
    await gesture((within) => canvas.focus(within), console.display().locator('canvas:focus'));
    await console.display().locator('#hint', { hasText: 'Press Ctrl+Alt to release' }).waitFor();
    await workbench.screenshot('display-hint-dark');
    await console.display().getByRole('application', { name: 'Screen of screen' }).waitFor();
    for (const key of ['Control', 'Alt']) {
      await page.keyboard.down(key);
      await page.waitForTimeout(PRESS_MS);
    }
    for (const key of ['Alt', 'Control']) {
      await page.keyboard.up(key);
      await page.waitForTimeout(PRESS_MS);
    }
    await console.display().getByRole('button', { name: 'Type into screen' }).waitFor();
    await hears('screen no longer gets the keyboard.');
    await workbench.screenshot('display-left-dark');
    await page.keyboard.press('F1', { delay: PRESS_MS });
    await hosts.input.waitFor();
    await page.keyboard.press('Escape', { delay: PRESS_MS });
  });

  test('of a paused guest says so over its picture, and lets it go on', async () => {
    await daemon.virsh('suspend', 'screen');
    await console.display().getByText('screen is paused.').first().waitFor();
    await hears('screen is paused.');
    await showsIcon('paused');
    await workbench.screenshot('display-paused-dark');
    await console.display().getByRole('button', { name: 'Resume' }).click({ delay: PRESS_MS });
    await eventually('it runs', async () => (await daemon.virsh('domstate', 'screen')) === 'running');
    await console.display().locator('#still').waitFor({ state: 'hidden' });
    await showsIcon('running');
  });

  test('of a saved or shut-off guest says so over its last picture', async () => {
    await daemon.virsh('managedsave', 'screen');
    await console.display().getByText('screen is saved.').first().waitFor();
    await showsIcon('saved');
    await console.display().locator('#last').waitFor();
    await workbench.screenshot('display-saved-dark');
    await console.display().getByRole('button', { name: 'Start' }).click({ delay: PRESS_MS });
    await console.shows();
    await showsIcon('running');
    await daemon.virsh('destroy', 'screen');
    await console.display().getByText('screen is shut off.').first().waitFor();
    await hears('screen is shut off.');
    await showsIcon('shut-off');
    await daemon.virsh('start', 'screen');
    await console.shows();
  });

  test('can be read in a light theme and a narrow window, too', async () => {
    await page.setViewportSize({ width: 1000, height: 700 });
    // Who types into the guest has to leave it first.
    await page.locator('.sidebar .title-label').click();
    await hosts.runCommand('Preferences: Toggle between Light/Dark Themes');
    await page.locator('.monaco-workbench.vs').waitFor();
    await daemon.virsh('suspend', 'screen');
    await console.display().getByText('screen is paused.').first().waitFor();
    await page.waitForTimeout(500);
    await workbench.screenshot('display-paused-light');
    await daemon.virsh('destroy', 'screen');
    await console.display().getByText('screen is shut off.').first().waitFor();
    await page.waitForTimeout(500);
    await workbench.screenshot('display-off-light');
  });

  test('that is not there is offered in its own tab', async () => {
    await gesture(
      (within) => hosts.press('blind', 'Open Display', within),
      page.locator('.tab.active', { hasText: 'blind' }),
    );
    const blind = console.display();
    await blind.getByText('blind has no display.').first().waitFor();
    await workbench.screenshot('display-none-light');
    await blind.getByRole('button', { name: 'Add VNC Display' }).click({ delay: PRESS_MS });
    await blind.getByText('blind has a VNC display from its next start on.').first().waitFor();
    assert.match(await daemon.virsh('dumpxml', '--inactive', 'blind'), /<graphics type='vnc'/u);
    await daemon.virsh('destroy', 'blind');
    await daemon.virsh('start', 'blind');
    await console.shows();
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.locator('.sidebar .title-label').click();
    await hosts.runCommand('Preferences: Toggle between Light/Dark Themes');
  });
});

test('A guest without an agent channel is given one by a button', async () => {
  await hosts.chooseFromMenu(hosts.item('blind'), 'Guest Agent…');
  const missing = await hosts.notification('has no channel for a guest agent.');
  await workbench.screenshot('agent-channel-missing');
  await hosts.act(missing, 'Add Agent Channel');
  await hosts.notification(/has an agent channel/u);
  assert.match(await daemon.virsh('dumpxml', '--inactive', 'blind'), /org\.qemu\.guest_agent\.0/u);
});

test('kvm.yaml stays open when another file is looked at', async () => {
  await hosts.runCommand('KVM: Create kvm.yaml');
  const tab = page.locator('.tab', { hasText: 'kvm.yaml' });
  await tab.waitFor();
  // VS Code writes the name of a tab in italics that the next file takes the place of.
  assert.equal(await tab.locator('.italic').count(), 0);
});
