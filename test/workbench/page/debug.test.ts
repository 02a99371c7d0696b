import assert from 'node:assert/strict';
import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { tinyOsFolder } from '../../../scripts/lib/tiny-os.ts';
import { type SshServer, startSshServer } from '../../integration/support/ssh-server.ts';
import { ARM, buildBareProgram } from '../../support/bare-program.ts';
import { DebugPage } from '../../support/debug-page.ts';
import { eventually } from '../../support/eventually.ts';
import {
  agentAnswers,
  type Ask,
  kernelSymbolFile,
  kernelSymbols,
  outputInGuest,
  runInGuest,
} from '../../support/guest-kernel.ts';
import { HostsPage } from '../../support/hosts-page.ts';
import { linuxGuestXml, linuxKernelFor, whyNoLinux } from '../../support/linux-guest.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../support/private-daemon.ts';
import { tinyOsXml } from '../../support/tiny-os.ts';
import { openWorkbench, type Workbench } from '../../support/workbench.ts';

/** The line of `seconds++` in count(). */
const COUNT_LINE = 38;

/** A start takes a second or two where nothing else runs. */
const STOP_MS = 60_000;

/** Beside what the example brings. */
const CONFIGURATIONS = [
  { name: 'Attach to nobody', request: 'attach', domain: 'nobody' },
  { name: 'Attach to fragile', request: 'attach', domain: 'fragile' },
  { name: 'Boot the ARM', request: 'launch', kernel: '${workspaceFolder}/aarch64', memory: 32 },
  { name: 'Kernel over ssh', request: 'attach', host: 'far', domain: 'linux', vmlinux: 'auto' },
];

async function addConfigurations(path: string): Promise<void> {
  const launch = JSON.parse(await readFile(path, 'utf8')) as { configurations: object[] };
  launch.configurations.push(...CONFIGURATIONS.map((each) => ({ type: 'kvm', ...each })));
  await writeFile(path, JSON.stringify(launch));
}

/** tiny-os with a device that tells of panics. */
function fragileXml(kernel: string): string {
  return tinyOsXml({ name: 'fragile', kernel }).replace(
    '<devices>',
    '<on_crash>preserve</on_crash><devices><panic model="isa"/>',
  );
}

/** The others need no Linux guest, and run without one. */
const needsLinux = { skip: await whyNoLinux() };

suite('F5 in a real workbench', () => {
  let daemon: PrivateDaemon;
  let ssh: SshServer;
  let workbench: Workbench;
  let hosts: HostsPage;
  let debug: DebugPage;
  let folder: string;
  let kernelSymbolsReady: Promise<unknown>;

  const ask: Ask = (command, seconds) =>
    daemon.virsh(
      'qemu-agent-command',
      ...(seconds === undefined ? [] : ['--timeout', String(seconds)]),
      'linux',
      command,
    );

  /** Everything about a guest that a session could change. QEMU keeps a monitor for debuggers once one was there. */
  async function stateOf(name: string): Promise<string> {
    const [state, xml, devices] = await Promise.all([
      daemon.virsh('domstate', name),
      daemon.virsh('dumpxml', name),
      daemon.virsh('qemu-monitor-command', name, '--hmp', 'info chardev'),
    ]);
    return [state, xml, ...devices.split('\n').filter((line) => line.startsWith('gdb:'))].join('\n');
  }

  async function startLinux(): Promise<void> {
    await daemon.define(linuxGuestXml({ name: 'linux', agent: true }, await linuxKernelFor(daemon)));
    await daemon.virsh('start', 'linux');
    kernelSymbolsReady = agentAnswers(ask)
      .then(() => kernelSymbols(ask))
      .then(({ symbols }) => kernelSymbolFile(folder, symbols));
    kernelSymbolsReady.catch(() => undefined);
  }

  before(async () => {
    daemon = await startPrivateDaemon();
    ssh = await startSshServer();
    // A copy: what is typed by mistake must not end in the example. It is built there, since a program knows where.
    folder = await mkdtemp(join(tmpdir(), 'tiny-os-'));
    const isSource = (path: string) => basename(path) !== 'build';
    await cp(tinyOsFolder, folder, { recursive: true, filter: isSource });
    await execa('make', ['--silent', '-C', folder]);
    await buildBareProgram(folder, ARM);
    const kernel = join(daemon.folder, 'kernel.elf');
    await copyFile(join(folder, 'build', 'tiny-os.elf'), kernel);
    await daemon.define(fragileXml(kernel));
    await daemon.virsh('start', 'fragile');
    if (needsLinux.skip === false) await startLinux();
    await addConfigurations(join(folder, '.vscode', 'launch.json'));
    workbench = await openWorkbench({
      folder,
      settings: {
        'kvm.showLocalHosts': false,
        'kvm.hosts': [
          { name: 'lab', uri: daemon.uri },
          { name: 'far', uri: ssh.uri({ socket: daemon.socket }) },
        ],
        'terminal.integrated.gpuAcceleration': 'off',
      },
    });
    hosts = new HostsPage(workbench);
    debug = new DebugPage(workbench, hosts);
  });

  after(async () => {
    await workbench?.screenshot('debug-last');
    await workbench?.dispose();
    await ssh?.[Symbol.asyncDispose]();
    await daemon?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const guests = async () =>
    (await daemon.virsh('list', '--name')).split('\n').filter((name) => name.startsWith('debug-'));
  const guestIsGone = () => eventually('the guest is gone', async () => (await guests()).length === 0);

  test('boots tiny-os, stops in C, steps, and shows a changed variable on the serial console', async () => {
    await debug.setBreakpoint('main.c', COUNT_LINE);
    await debug.press('F5');
    await debug.frame('count').waitFor({ timeout: STOP_MS });
    assert.match((await guests()).join(), /^debug-boot-tiny-os-[0-9a-f]{6}$/);
    await debug.press('F10');
    await debug.stoppedAt(COUNT_LINE + 1);
    await debug.evaluate('seconds', '1');
    await debug.evaluate('seconds = 41', '41');
    await debug.press('F5');
    await debug.consoleSays(/tick 41/);
    await debug.stoppedAt(COUNT_LINE);
    await workbench.screenshot('debug-stopped');
    await debug.stop();
    await guestIsGone();
  });

  test('records a run, replays it, and steps backwards in it', async () => {
    await debug.choose('Record tiny-os');
    await debug.frame('count').waitFor({ timeout: STOP_MS });
    await debug.stop();
    const note = await hosts.notification('The run was recorded in');
    await workbench.screenshot('debug-recorded');
    const recording = /\/\S*kvm-recording-\w+/.exec(await note.innerText())?.[0] ?? '';
    assert.notEqual(recording, '');
    await hosts.act(note, 'Replay');
    await debug.frame('count').waitFor({ timeout: STOP_MS });
    await debug.press('F10');
    await debug.stoppedAt(COUNT_LINE + 1);
    await debug.evaluate('seconds', '1');
    await debug.toolbar.getByRole('button', { name: 'Step Back' }).click();
    await debug.stoppedAt(COUNT_LINE);
    await debug.evaluate('seconds', '0');
    await workbench.screenshot('debug-replay');
    await debug.stop();
    await guestIsGone();
    await rm(recording, { recursive: true });
  });

  test('boots a program for another architecture', async () => {
    await debug.removeBreakpoints();
    await debug.breakAtFunction('twice');
    await debug.choose('Boot the ARM');
    await debug.frame('twice').waitFor({ timeout: STOP_MS });
    await workbench.screenshot('debug-arm');
    await debug.stop();
    await guestIsGone();
    await debug.removeBreakpoints();
  });

  async function showGuests(): Promise<void> {
    await hosts.open();
    await hosts.expand('lab');
    await hosts.item('fragile').waitFor();
  }

  /** Its stub has a debugger, which let it run. */
  const underDebugger = (name: string) =>
    eventually('it runs under the debugger', async () => {
      const devices = await daemon.virsh('qemu-monitor-command', name, '--hmp', 'info chardev');
      return devices.includes('<-> ') && (await daemon.virsh('domstate', name)) === 'running';
    });

  /** Stops a running Linux in a function of its kernel, lets it run on, and leaves it as it was. */
  async function debugKernel(begin: () => Promise<void>, picture: string): Promise<void> {
    await kernelSymbolsReady;
    const before = await stateOf('linux');
    await debug.breakAtFunction('do_sys_openat2');
    await begin();
    // A call stack that nobody sees when a guest stops is not unfolded.
    await debug.open();
    const stop = debug.frame('do_sys_openat2');
    // Its own programs open files, too: on a slow machine one of them may have stopped it by now.
    await Promise.race([underDebugger('linux'), stop.waitFor({ timeout: STOP_MS })]);
    const program =
      (await stop.isVisible()) ||
      // It only has to open a file. The guest stands still at that, and libvirt waits five seconds for its answer.
      runInGuest(ask, '/bin/busybox', 'cat', '/proc/version').catch(() => undefined);
    await stop.waitFor({ timeout: STOP_MS });
    await workbench.screenshot(picture);
    await debug.removeBreakpoints();
    await debug.press('F5');
    await program;
    await debug.stop();
    await eventually('it is as it was', async () => (await stateOf('linux')) === before).catch(async () =>
      assert.equal(await stateOf('linux'), before),
    );
  }

  test(
    'attaches to a Linux guest of the tree, stops in its kernel, and leaves it as it was',
    needsLinux,
    async () => {
      await debugKernel(async () => {
        await showGuests();
        await hosts.chooseFromMenu(hosts.item('linux', 'running'), 'Debug');
      }, 'debug-linux');
    },
  );

  test('does the same on a host over ssh', needsLinux, async () => {
    await debugKernel(() => debug.choose('Kernel over ssh'), 'debug-ssh');
  });

  test('tells of a panic that the monitor caused, and dumps the memory of the guest', async () => {
    const { page } = workbench;
    await showGuests();
    await hosts.chooseFromMenu(hosts.item('fragile'), 'Open QEMU Monitor');
    await debug.consoleSays(/\(qemu\)/);
    await page.keyboard.type('info statu');
    await page.keyboard.press('Tab');
    await debug.consoleSays(/\(qemu\) info status/);
    await page.keyboard.press('Enter');
    await debug.consoleSays(/VM status: running/);
    await page.keyboard.type('{"execute":"query-status"}\n');
    await debug.consoleSays(/"running": true/);
    await workbench.screenshot('debug-monitor');
    // What the driver of the device writes when its system panics.
    await page.keyboard.type('o /b 0x505 1\n');
    const note = await hosts.notification(/“.*fragile.*” panicked/u);
    await workbench.screenshot('debug-panic');
    await hosts.act(note, 'Dump Guest Memory');
    await hosts.take('ELF');
    const dump = join(daemon.folder, 'fragile.elf');
    await page.getByText('It holds all secrets of the guest').waitFor();
    await hosts.input.fill(dump);
    await hosts.enter();
    await hosts.notification(/The memory of “.*fragile.*” is in/u);
    assert.equal((await readFile(dump)).toString('latin1', 0, 4), '\x7fELF');
  });

  test('sends a Linux guest an interrupt that it cannot ignore', needsLinux, async () => {
    await hosts.chooseFromMenu(hosts.item('linux'), 'Inject NMI…');
    await hosts.confirm('Inject NMI');
    await eventually('the guest tells of it', async () => {
      const log = await outputInGuest(ask, await runInGuest(ask, '/bin/busybox', 'dmesg'));
      return log.includes('NMI received');
    });
  });

  test('says in one sentence that the guest went away', async () => {
    await daemon.virsh('destroy', 'fragile');
    await daemon.virsh('start', 'fragile');
    await debug.choose('Attach to fragile');
    await underDebugger('fragile');
    await daemon.virsh('destroy', 'fragile');
    await debug.toolbar.waitFor({ state: 'hidden' });
    await hosts.notification(/“.*fragile.*” was forced off\. The debug session has ended\./u);
    await workbench.screenshot('debug-gone');
  });

  test('says in one sentence what is missing', async () => {
    await debug.choose('Attach to nobody');
    const dialog = hosts.dialog.filter({ hasText: 'There is no domain “nobody”' });
    await dialog.waitFor();
    await workbench.screenshot('debug-refused');
    await hosts.confirm('Cancel');
    await debug.toolbar.waitFor({ state: 'hidden' });
  });
});
