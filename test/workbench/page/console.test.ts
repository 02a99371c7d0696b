import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { root } from '../../../scripts/lib/paths.ts';
import { readPng } from '../../../src/image/png.ts';
import { type SshServer, startSshServer } from '../../integration/support/ssh-server.ts';
import { HostsPage } from '../../support/hosts-page.ts';
import { LINUX_LOGIN, linuxGuestXml, linuxKernelFor, whyNoLinux } from '../../support/linux-guest.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../support/private-daemon.ts';
import { openWorkbench, type Workbench } from '../../support/workbench.ts';

const VNC = '<graphics type="vnc" autoport="yes" listen="127.0.0.1" passwd="pass-12"/>';
/** Without one the page captures the mouse, which keeps a browser without a window busy. */
const TABLET = '<input type="tablet" bus="virtio"/>';

suite('Console and display of a real Linux guest on an ssh host', { skip: await whyNoLinux() }, () => {
  let daemon: PrivateDaemon;
  let ssh: SshServer;
  let workbench: Workbench;
  let hosts: HostsPage;

  before(async () => {
    daemon = await startPrivateDaemon();
    ssh = await startSshServer();
    await daemon.define(
      linuxGuestXml(
        { name: 'linux', graphics: VNC, agent: true, devices: TABLET },
        await linuxKernelFor(daemon),
      ),
    );
    workbench = await openWorkbench({
      folder: join(root, 'examples/tiny-os'),
      settings: {
        'kvm.hosts': [{ name: 'far', uri: ssh.uri({ socket: daemon.socket }) }],
      },
    });
    hosts = new HostsPage(workbench);
    await hosts.open();
    await hosts.item('far').click();
    await hosts.item('linux', 'shut off').waitFor();
  });
  after(async () => {
    await workbench?.dispose();
    await ssh?.[Symbol.asyncDispose]();
    await daemon?.dispose();
  });

  const terminal = () => workbench.page.locator('.terminal-wrapper.active');

  /** Waits for words on the screen of the terminal. */
  async function sees(pattern: RegExp, withinMs = 30_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const rows = await terminal()
        .locator('.xterm-rows')
        .innerText()
        .catch(() => '');
      const text = rows.replaceAll('\u00A0', ' ');
      if (pattern.test(text)) return;
      if (Date.now() > deadline) {
        await workbench.screenshot('console-last');
        const state = await daemon.virsh('domstate', '--reason', 'linux');
        assert.fail(`${String(pattern)} is not on the screen of the guest, which is ${state}:\n${text}`);
      }
      await workbench.page.waitForTimeout(100);
    }
  }

  async function type(text: string): Promise<void> {
    await workbench.page.keyboard.type(text);
    await workbench.page.keyboard.press('Enter');
  }

  function display(): FrameLocator {
    return workbench.page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
  }

  /** The keys of the display, one at a time as fingers press them. */
  async function typeOnDisplay(text: string): Promise<void> {
    await display().locator('canvas').click();
    await workbench.page.keyboard.type(`${text}\n`, { delay: 15 });
  }

  test('the terminal shows a start from here, lets somebody log in and runs a command', async () => {
    await hosts.chooseFromMenu(hosts.item('linux'), 'Start with Console');
    await sees(/login: /u);
    await terminal().click();
    await type(LINUX_LOGIN.user);
    await sees(/Password: /u);
    await type(LINUX_LOGIN.password);
    await sees(/# /u);
    await type('clear; echo answer $((6 * 7))');
    await sees(/^answer 42/mu);
  });

  test('the display shows what the guest’s screen shows', async () => {
    await hosts.item('linux').hover();
    await hosts.item('linux').getByRole('button', { name: 'Open Display' }).click();
    await display().locator('#screen[data-size="720x400"][data-frames]').waitFor();
    await typeOnDisplay('clear');
    // The last frame is drawn a moment after it came.
    await workbench.page.waitForTimeout(500);
    const url = await display()
      .locator('canvas')
      .evaluate((canvas: { toDataURL(type: string): string }) => canvas.toDataURL('image/png'));
    const shown = readPng(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
    const path = join(daemon.folder, 'log', 'screen.png');
    await daemon.virsh('screenshot', 'linux', path);
    const expected = readPng(await readFile(path));
    const different = shown.rgb.filter((value, index) => value !== expected.rgb[index]).length;
    // The cursor blinks, and the mouse pointer is not in the picture.
    assert.ok(different < 1000, `${different} of ${expected.rgb.length} are different`);
    assert.ok(
      expected.rgb.some((value) => value > 100),
      'it is not just black',
    );
    await workbench.screenshot('display');
  });

  test('what is typed on the display arrives in the guest', async () => {
    await typeOnDisplay('cp /proc/version /dev/console');
    await sees(/# Linux version \d/u);
    await workbench.screenshot('display-typed');
  });

  test('a reboot keeps both, and all of it took one authentication', async () => {
    await terminal().click();
    await type('clear; reboot -f');
    await sees(/Restarting system[^]*login: /iu);
    await typeOnDisplay('cp /proc/version /dev/console');
    await sees(/login: Linux version \d/u);
    await workbench.screenshot('console-rebooted');
    assert.equal(ssh.authentications(), 1);
  });
});
