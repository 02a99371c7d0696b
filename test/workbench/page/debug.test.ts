import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { root } from '../../../scripts/lib/paths.ts';
import { DebugPage } from '../../support/debug-page.ts';
import { HostsPage } from '../../support/hosts-page.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../support/private-daemon.ts';
import { openWorkbench, type Workbench } from '../../support/workbench.ts';

/** The line of `seconds++` in count(). */
const COUNT_LINE = 38;

suite('F5 in a real workbench', () => {
  let daemon: PrivateDaemon;
  let workbench: Workbench;
  let debug: DebugPage;

  before(async () => {
    daemon = await startPrivateDaemon();
    await daemon.defineTinyOs('tiny-os');
    workbench = await openWorkbench({
      folder: join(root, 'examples/tiny-os'),
      settings: { 'kvm.showLocalHosts': false, 'kvm.hosts': [{ name: 'lab', uri: daemon.uri }] },
    });
    debug = new DebugPage(workbench, new HostsPage(workbench));
  });

  after(async () => {
    await workbench?.screenshot('debug-last');
    await workbench?.dispose();
    await daemon?.dispose();
  });

  test('boots tiny-os, stops in C, steps, changes a variable, and leaves nothing behind', async () => {
    await debug.toggleBreakpoint('main.c', COUNT_LINE);
    await debug.press('F5');
    await debug.frame('count').waitFor({ timeout: 30_000 });
    await workbench.screenshot('debug-stopped');
    assert.match(await daemon.virsh('list', '--name'), /^debug-boot-tiny-os-[0-9a-f]{6}$/);
    await debug.press('F10');
    await debug.evaluate('seconds', '1');
    await debug.evaluate('seconds=41', '41');
    await debug.stop();
    assert.equal(await daemon.virsh('list', '--name'), '');
  });
});
