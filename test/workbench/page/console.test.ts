import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { root } from '../../../scripts/lib/paths.ts';
import { HostsPage } from '../../support/hosts-page.ts';
import { LINUX_LOGIN, linuxGuestXml, linuxKernelFor, whyNoLinux } from '../../support/linux-guest.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../support/private-daemon.ts';
import { openWorkbench, type Workbench } from '../../support/workbench.ts';

suite('The console of a real Linux guest', { skip: await whyNoLinux() }, () => {
  let daemon: PrivateDaemon;
  let workbench: Workbench;
  let hosts: HostsPage;

  before(async () => {
    daemon = await startPrivateDaemon();
    const kernel = await linuxKernelFor(daemon);
    await daemon.define(linuxGuestXml({ name: 'linux' }, kernel));
    workbench = await openWorkbench({
      folder: join(root, 'examples/tiny-os'),
      settings: {
        'kvm.hosts': [{ name: 'lab', uri: daemon.uri }],
        'terminal.integrated.gpuAcceleration': 'off',
        'terminal.integrated.scrollback': 5000,
      },
    });
    hosts = new HostsPage(workbench);
    await hosts.open();
    await hosts.item('lab').click();
    await hosts.item('linux', 'shut off').waitFor();
  });
  after(async () => {
    await workbench?.dispose();
    await daemon?.dispose();
  });

  /** Waits for a line on the screen of the terminal. */
  async function sees(pattern: RegExp, timeout = 30_000): Promise<void> {
    const rows = workbench.page.locator('.terminal-wrapper.active .xterm-rows');
    const deadline = Date.now() + timeout;
    for (;;) {
      const text = (await rows.innerText().catch(() => '')).replaceAll('\u00A0', ' ');
      if (pattern.test(text)) return;
      if (Date.now() > deadline) assert.fail(`${String(pattern)} is not on the screen:\n${text}`);
      await workbench.page.waitForTimeout(100);
    }
  }

  async function type(text: string): Promise<void> {
    await workbench.page.keyboard.type(text);
    await workbench.page.keyboard.press('Enter');
  }

  test('shows everything from the first byte of a start with console', async () => {
    await hosts.chooseFromMenu(hosts.item('linux'), 'Start with Console');
    await sees(/login: /u);
    await workbench.screenshot('console-booted');
    await workbench.page.locator('.terminal-wrapper.active').click();
  });

  test('lets somebody log in and run a command', async () => {
    await type(LINUX_LOGIN.user);
    await sees(/Password: /u);
    await type(LINUX_LOGIN.password);
    await sees(/# /u);
    await type('echo answer $((6 * 7))');
    await sees(/^answer 42/mu);
    await workbench.screenshot('console-session');
  });

  test('stays over a reboot and over a shutdown, says so, and goes on with the next start', async () => {
    await type('clear; reboot -f');
    await sees(/Restarting system[^]*login: /u);
    await daemon.virsh('destroy', 'linux');
    await sees(/was forced off\. This terminal stays/u);
    await workbench.screenshot('console-off');
    await hosts.item('linux', 'shut off').waitFor();
    await hosts.item('linux').hover();
    await hosts.item('linux').getByRole('button', { name: 'Start', exact: true }).click();
    await sees(/connected to serial0 again[^]*login: /u);
  });

  test('is found after a reload with what it said', async () => {
    await workbench.page.waitForTimeout(1000);
    await workbench.page.reload();
    await workbench.page.locator('.monaco-workbench .activitybar .action-item').first().waitFor();
    await hosts.runCommand('Terminal: Focus Terminal');
    await sees(/What was said before/u);
    await workbench.screenshot('console-reloaded');
  });
});
