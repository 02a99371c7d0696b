import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { tinyOsFolder } from '../../../scripts/lib/tiny-os.ts';
import { ARM, buildBareProgram } from '../../support/bare-program.ts';
import { DebugPage } from '../../support/debug-page.ts';
import { eventually } from '../../support/eventually.ts';
import { HostsPage } from '../../support/hosts-page.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../support/private-daemon.ts';
import { openWorkbench, type Workbench } from '../../support/workbench.ts';

/** The line of `seconds++` in count(). */
const COUNT_LINE = 38;

/** A start takes a second or two where nothing else runs. */
const STOP_MS = 60_000;

/** Beside what the example brings. */
const CONFIGURATIONS = [
  { name: 'Attach to nobody', request: 'attach', domain: 'nobody' },
  { name: 'Boot the ARM', request: 'launch', kernel: '${workspaceFolder}/aarch64', memory: 32 },
];

async function addConfigurations(path: string): Promise<void> {
  const launch = JSON.parse(await readFile(path, 'utf8')) as { configurations: object[] };
  launch.configurations.push(...CONFIGURATIONS.map((each) => ({ type: 'kvm', ...each })));
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
    await buildBareProgram(folder, ARM);
    await addConfigurations(join(folder, '.vscode', 'launch.json'));
    workbench = await openWorkbench({
      folder,
      settings: {
        'kvm.showLocalHosts': false,
        'kvm.hosts': [{ name: 'lab', uri: daemon.uri }],
        'terminal.integrated.gpuAcceleration': 'off',
      },
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

  const guests = async () =>
    (await daemon.virsh('list', '--name')).split('\n').filter((name) => name.startsWith('debug-'));
  const guestIsGone = () => eventually('the guest is gone', async () => (await guests()).length === 0);

  test('boots tiny-os, stops in C, steps, and shows a changed variable on the serial console', async () => {
    await debug.toggleBreakpoint('main.c', COUNT_LINE);
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
    await note.getByRole('button', { name: 'Replay' }).click();
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

  test('says in one sentence what is missing', async () => {
    await debug.choose('Attach to nobody');
    const dialog = hosts.dialog.filter({ hasText: 'There is no domain “nobody”' });
    await dialog.waitFor();
    await workbench.screenshot('debug-refused');
    await hosts.dialog.getByRole('button', { name: 'Cancel' }).click();
    await debug.toolbar.waitFor({ state: 'hidden' });
  });
});
