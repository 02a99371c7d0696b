import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { root } from '../../../scripts/lib/paths.ts';
import { readPng } from '../../../src/model/image/png.ts';
import { connect } from '../../../src/client/libvirt/connect.ts';
import { OpenConsole } from '../../../src/client/libvirt/domain/streams.ts';
import { type SshServer, startSshServer } from '../../integration/support/ssh-server.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { eventually } from '../../support/eventually.ts';
import { gesture } from '../../support/gesture.ts';
import { HostsPage } from '../../support/hosts-page.ts';
import { LINUX_LOGIN, linuxGuestXml, linuxKernelFor, whyNoLinux } from '../../support/linux-guest.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../support/private-daemon.ts';
import * as vdagent from '../../support/vdagent.ts';
import { openWorkbench, type Workbench } from '../../support/workbench.ts';

const VNC = '<graphics type="vnc" autoport="yes" listen="127.0.0.1" passwd="pass-12"/>';
/** With a tablet: without one the page captures the mouse, which keeps a browser without a window busy. */
const DEVICES = `<serial type="pty"><target port="1"/></serial>
  <input type="tablet" bus="virtio"/>
  <channel type="qemu-vdagent"><source><clipboard copypaste="yes"/><mouse mode="server"/></source>
    <target type="virtio" name="com.redhat.spice.0"/></channel>`;
const AGENT_PORT = '/dev/virtio-ports/com.redhat.spice.0';
const PASSWORD = 'Geheim-4711';

suite('Console and display of a real Linux guest on an ssh host', { skip: await whyNoLinux() }, () => {
  let daemon: PrivateDaemon;
  let ssh: SshServer;
  let workbench: Workbench;
  let hosts: HostsPage;
  let console: ConsolePage;

  before(async () => {
    [daemon, ssh] = await Promise.all([startPrivateDaemon(), startSshServer()]);
    const guest = { name: 'linux', graphics: VNC, agent: true, devices: DEVICES };
    await daemon.define(linuxGuestXml(guest, await linuxKernelFor(daemon)));
    workbench = await openWorkbench({
      folder: join(root, 'examples/tiny-os'),
      settings: {
        'kvm.hosts': [{ name: 'far', uri: ssh.uri({ socket: daemon.socket }) }],
      },
    });
    hosts = new HostsPage(workbench);
    console = new ConsolePage(workbench, hosts);
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await hosts.open();
    await hosts.expand('far');
    await hosts.item('linux', 'shut off').waitFor();
  });
  afterEach(async (t) => {
    if ('passed' in t && !t.passed) {
      await workbench.screenshot(`failed-${t.name.slice(0, 30).replaceAll(/\W+/gu, '-')}`);
      await workbench.page.keyboard.press('Escape');
    }
  });
  after(async () => {
    await workbench?.dispose();
    await ssh?.[Symbol.asyncDispose]();
    await daemon?.dispose();
  });

  test('the terminal shows a start from here, lets somebody log in and runs a command', async () => {
    await hosts.chooseFromMenu(hosts.item('linux'), 'Start with Console');
    await hosts.choice('serial1').waitFor();
    await hosts.take('serial0');
    await console.logIn(LINUX_LOGIN.user, LINUX_LOGIN.password);
    await console.run('echo answer $((6 * 7))');
    await console.sees(/^answer 42/mu);
  });

  test('pointing at the guest shows its screen and what its agent knows', async () => {
    const tip = workbench.page.locator('.workbench-hover');
    await hosts.point('linux', tip.getByText('Guest system: Workbench Linux 1'));
    const source = await tip.getByRole('img', { name: 'Its screen' }).getAttribute('src');
    const picture = readPng(Buffer.from(source?.replace('data:image/png;base64,', '') ?? '', 'base64'));
    assert.equal(picture.width, 320);
    assert.ok(
      picture.rgb.some((value) => value > 100),
      'it is not just black',
    );
    await workbench.screenshot('domain-tooltip');
  });

  test('the display shows what the guest’s screen shows', async () => {
    await gesture(
      (within) => hosts.press('linux', 'Open Display', within),
      workbench.page.locator('iframe.webview'),
    );
    await console.display().locator('#screen[data-size="720x400"][data-frames]').waitFor();
    await console.typeOnDisplay('clear');
    // The last frame is drawn a moment after it came.
    await workbench.page.waitForTimeout(500);
    const url = await console
      .canvas()
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
  });

  test('what is typed on the display arrives in the guest, unless it is only looked at', async () => {
    const [look, use] = ['View Only', 'Use Keyboard and Mouse'];
    await console.turn(look, use);
    await console.canvas().click();
    await console.type('cp /etc/os-release /dev/console');
    await console.turn(use, look);
    await console.typeOnDisplay('cp /proc/version /dev/console');
    assert.doesNotMatch(await console.sees(/# Linux version \d/u), /PRETTY_NAME/u);
    await workbench.screenshot('display-typed');
  });

  test('a clipboard longer than a keyboard’s buffers is typed as it is', async () => {
    const text = Array.from({ length: 40 }, (_, index) => `Ab${index}Xy`).join('');
    await console.run('');
    await console.writeClipboard(`echo ${text} | md5sum >/dev/console\n`);
    await console.choose('Type Clipboard into Guest');
    await console.sees(new RegExp(createHash('md5').update(`${text}\n`).digest('hex'), 'u'));
  });

  test('a text that the display takes no more of stops, and says how far it came', async () => {
    const [look, use] = ['View Only', 'Use Keyboard and Mouse'];
    // A shell does not mind half a comment.
    await console.writeClipboard(`#${'x'.repeat(299)}`);
    await console.choose('Type Clipboard into Guest');
    await workbench.page.getByText('Typing 300 characters into “⁨linux⁩”').first().waitFor();
    await console.turn(look, use);
    await workbench.page
      .getByText(/Typed only [1-9]\d* of 300 characters into/u)
      .first()
      .waitFor();
    await workbench.screenshot('display-typing-ended');
    await hosts.runCommand('Notifications: Clear All Notifications');
    await console.turn(use, look);
    await console.typeOnDisplay('');
  });

  test('a second tab shows the same guest, in its own size', async () => {
    await console.choose('Open Display in Another Tab');
    await console.shows(1);
    const actual = console.display(1).locator('body[data-scale="actual"]');
    await gesture((within) => console.button('Actual Size').click(within), actual);
    const sizes = await Promise.all([0, 1].map((tab) => console.canvas(tab).boundingBox()));
    assert.deepEqual(sizes[1] && [sizes[1].width, sizes[1].height], [720, 400]);
    assert.notEqual(sizes[0]?.width, 720);
    await workbench.screenshot('display-twice');
    await workbench.page
      .locator('.editor-group-container.active .tab.active')
      .getByRole('button', { name: 'Close' })
      .click();
    await workbench.page.locator('iframe.webview >> nth=1').waitFor({ state: 'detached' });
    await console.shows();
  });

  test('the clipboard goes both ways, by QEMU’s agent channel', async () => {
    await console.run(
      `exec 7<>${AGENT_PORT}; cat <&7 >/tmp/said & printf '${vdagent.announce}' >&7; sleep 1; printf '${vdagent.grab}' >&7; sleep 1; printf '${vdagent.clipboard('from the guest ü')}' >&7; echo give''n`,
    );
    // Without a hand on the display, a guest may not fill the clipboard.
    await eventually('the text is there', async () => {
      await console.canvas().click();
      return (await console.readClipboard()) === 'from the guest ü';
    });
    await console.sees(/^given/mu);
    await console.writeClipboard('für den Gast 🦊');
    await console.button('Send Clipboard to Guest').click();
    await console.run(
      `sleep 1; printf '${vdagent.request}' >&7; sleep 1; strings /tmp/said; grep -c 'für den Gast 🦊' /tmp/said`,
    );
    await console.sees(/^1$/mu);
  });

  test('a screenshot is saved as a file', async () => {
    const path = join(daemon.folder, 'saved.png');
    await gesture((within) => console.button('Take Screenshot of Display').click(within), hosts.input);
    await hosts.choosePath(path);
    // From the display keys would go to the guest.
    await console.focus();
    await hosts.notification(`Saved ${path}`);
    await hosts.runCommand('Notifications: Clear All Notifications');
    const { width, height } = readPng(await readFile(path));
    assert.deepEqual([width, height], [720, 400]);
  });

  test('a log has what the console says, byte by byte, for nobody else to read', async () => {
    const path = join(daemon.folder, 'console.log');
    await console.run('');
    await hosts.runCommand('KVM: Log Console to File…');
    await hosts.choosePath(path);
    await console.sees(/also written to/u);
    await console.focus();
    await console.type('seq 1 300; printf "\\377\\200"');
    await console.sees(/^300$/mu);
    await hosts.runCommand('KVM: Stop Logging Console');
    await console.sees(/The log ends here/u);
    const log = await readFile(path);
    const numbers = Array.from({ length: 300 }, (_, index) => `${index + 1}\r\n`).join('');
    assert.ok(log.includes(Buffer.concat([Buffer.from(numbers), Buffer.from([0xff, 0x80])])));
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  test('a break reaches the kernel, and the terminal says what it was', async () => {
    await hosts.runCommand('KVM: Send Break to Guest');
    await console.sees(/Sent a break/u);
    await console.focus();
    await workbench.page.keyboard.type('h');
    await console.sees(/sysrq: HELP :/u);
  });

  test('the “+” of the terminals opens the other port, where a password that was set is asked for', async () => {
    await hosts.chooseFromMenu(hosts.item('linux'), 'Guest Agent…');
    await hosts.take('Set a User’s Password…');
    await hosts.input.waitFor();
    await hosts.enter();
    await workbench.page.locator('.quick-input-widget input[type="password"]').fill(PASSWORD);
    await hosts.enter();
    const plus = workbench.page.getByRole('button', { name: 'Launch Profile...' }).first();
    await hosts.pickFromMenu('KVM Guest Console', (within) => plus.click(within));
    await hosts.take('linux');
    await hosts.take('serial1');
    await console.sees(/Connected to serial1 of linux/u);
    await console.focus();
    await console.type('');
    await console.logIn(LINUX_LOGIN.user, PASSWORD);
    await workbench.screenshot('console-two-ports');
    await console.type('exit');
    await hosts.runCommand('Terminal: Kill the Active Terminal Instance');
    const found = await execa('grep', ['-rl', PASSWORD, workbench.dataFolder], { reject: false });
    assert.deepEqual([found.exitCode, found.stdout], [1, ''], 'it was written down nowhere');
  });

  test('somebody else takes the console over, and is asked about before it is taken back', async () => {
    await using undo = new AsyncDisposableStack();
    const rival = await connect(daemon.uri, AbortSignal.timeout(20_000));
    undo.defer(() => rival.close());
    const ref = await rival.domains.lookupByName('linux');
    const theirs = await rival.domainStreams.openConsole(ref, 'serial0', OpenConsole.FORCE);
    theirs.on('error', () => undefined).resume();
    await console.sees(/Another client has taken over serial0/u);
    await console.focus();
    await console.type('');
    await hosts.dialog.getByText('Another client uses serial0 of').waitFor();
    await workbench.screenshot('console-take-over');
    await hosts.confirm('Take Over');
    await console.sees(/connected to serial0 again/u);
  });

  test('Ctrl+Alt+Del restarts it, which keeps both, and all of it took one authentication', async () => {
    await console.run('');
    await gesture(
      (within) => console.button('Send Keys to Guest').click(within),
      hosts.choice('Ctrl+Alt+Del'),
    );
    await hosts.take('Ctrl+Alt+Del');
    await console.sees(/Restarting system[^]*login: /iu, 60_000);
    await console.typeOnDisplay('cp /proc/version /dev/console');
    await console.sees(/login: Linux version \d/u);
    await workbench.screenshot('console-rebooted');
    assert.equal(ssh.authentications(), 1);
  });

  test('both are found again after the window was loaded anew', async () => {
    const { page } = workbench;
    await page.reload();
    await console.sees(/Linux version \d[^]*Connected to serial0/u);
    await console.shows();
    await console.typeOnDisplay('cp /etc/os-release /dev/console');
    await console.sees(/PRETTY_NAME/u);
    await workbench.screenshot('console-reloaded');
  });

  test('its agent shuts it down, and the terminal says so', async () => {
    await hosts.expand('far');
    await hosts.chooseFromMenu(hosts.item('linux', 'running'), 'Guest Agent…');
    await hosts.choice('Asks the agent instead').waitFor();
    await workbench.screenshot('guest-agent');
    await hosts.take('Asks the agent instead');
    await console.sees(/linux has shut down\. This terminal stays/u);
    await console.display().getByText('linux is shut off').first().waitFor();
    await workbench.screenshot('console-off');
  });

  test('a display that comes up beside one’s work leaves the keyboard there', async () => {
    await hosts.chooseFromMenu(hosts.item('linux', 'shut off'), 'Start');
    await console.shows();
    await workbench.page.waitForTimeout(500);
    assert.notEqual(await workbench.page.evaluate('document.activeElement?.tagName'), 'IFRAME');
  });
});
