import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { after, afterEach, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { eventually } from '../../support/eventually.ts';
import { whyNoLinux } from '../../support/linux-guest.ts';
import { GREETING } from '../../support/network-guest.ts';
import { testAccess } from './environment/access.ts';
import { testCreation } from './environment/create.ts';
import { Shop } from './environment/shop.ts';

const why = process.getuid?.() === 0 ? await whyNoLinux() : 'Only root can make networks';

suite('A workspace with a kvm.yaml of two guests', { skip: why }, () => {
  let shop: Shop;
  let found: Record<string, string>;

  before(async () => {
    shop = await Shop.open();
    found = await shop.traces();
  });
  after(() => shop?.[Symbol.asyncDispose]());

  afterEach(async (test) => {
    if (!('passed' in test) || test.passed) return;
    // What a person would have seen says more than where the test stopped.
    await shop.workbench.screenshot(`failed ${test.name}`);
    for (let open = 0; open < 3; open++) await shop.workbench.page.keyboard.press('Escape');
  });

  const edit = async (change: (text: string) => string) =>
    writeFile(shop.file, change(await readFile(shop.file, 'utf8')));
  const memoryOfWeb = async (...options: string[]) =>
    /<memory unit='KiB'>(\d+)/u.exec(await shop.daemon.virsh('dumpxml', 'shop-web', ...options))?.[1];

  test('Up runs both, with addresses, and a forwarded port answers', async () => {
    const { view, workbench, daemon } = shop;
    await view.item('web', 'not created').waitFor();
    await workbench.screenshot('workspace-declared');
    await view.runCommand('KVM: Up');
    await shop.isUp();
    assert.equal(await shop.answerSoon(), GREETING);
    assert.equal(await daemon.virsh('domstate', 'shop-db'), 'running');
    await view.runCommand('KVM: Open kvm.yaml');
    await workbench.page.locator('.codelens-decoration').getByText('Restart').first().waitFor();
    await workbench.screenshot('workspace-up');
  });

  test('Up again changes nothing', async () => {
    const all = async () => [
      await shop.daemon.virsh('list', '--all'),
      await shop.daemon.virsh('dumpxml', 'shop-web'),
      await shop.daemon.virsh('dumpxml', '--inactive', 'shop-db'),
    ];
    const is = await all();
    await shop.view.runCommand('KVM: Up');
    await sleep(1000);
    assert.deepEqual(await all(), is);
  });

  testAccess(() => shop);

  test('what the file declares no more is shown, and Up leaves it', async () => {
    const { view, workbench } = shop;
    const text = await readFile(shop.file, 'utf8');
    await writeFile(shop.file, text.slice(0, text.indexOf('  db:')));
    await view.item('db', 'no longer declared').waitFor();
    await workbench.screenshot('workspace-dropped');
    await view.runCommand('KVM: Up');
    await view.notification(/shop-db is no longer declared in kvm\.yaml, and left as it is/u);
    await view.runCommand('Notifications: Clear All Notifications');
    await writeFile(shop.file, text);
    await view.item('db', 'running').waitFor();
  });

  test('another size of memory is planned as a difference, made, and there after a restart', async () => {
    const { view, workbench } = shop;
    const { page } = workbench;
    await edit((text) => text.replace('memory: 128 MiB', 'memory: 192 MiB'));
    // An editor that shows a file looks at the disk a moment later, and what it shows is what is planned.
    await page.locator('.view-line', { hasText: 'memory: 192 MiB' }).waitFor();
    await view.runCommand('KVM: Show Plan');
    await page.locator('.diff-editor, .monaco-diff-editor').getByText('needs a restart').first().waitFor();
    await workbench.screenshot('workspace-plan');
    await view.runCommand('KVM: Up');
    await view.item('web', 'restart to apply changes').waitFor();
    assert.deepEqual([await memoryOfWeb('--inactive'), await memoryOfWeb()], ['196608', '131072']);
    await view.notification(/Restart web to apply the changes/u);
    await workbench.screenshot('workspace-restart');
    await view.runCommand('Notifications: Clear All Notifications');
    await view.chooseFromMenu(view.item('web'), 'Restart Workspace Guest');
    await view.item('web', 'restart to apply changes').waitFor({ state: 'detached' });
    await view.item('web', `running · ${shop.subnet}`).waitFor();
    assert.equal(await memoryOfWeb(), '196608');
  });

  test('a task of tasks.json shuts them down, and their port is gone', async () => {
    const { view } = shop;
    await view.runCommand('Tasks: Run Task');
    await view.take('stop the shop');
    await view.item('web', 'shut off').waitFor();
    await view.item('db', 'shut off').waitFor();
    await assert.rejects(shop.answer(), 'the port is gone with the guest');
  });

  test('an editor that is killed in the middle of Up leaves what another one finishes', async () => {
    await shop.view.runCommand('KVM: Up');
    while (!(await shop.daemon.virsh('list', '--name')).includes('shop-web')) await sleep(20);
    await shop.workbench.dispose();
    await shop.openWorkbench();
    await shop.view.runCommand('KVM: Up');
    await shop.isUp();
    assert.equal(await memoryOfWeb(), '196608');
    assert.equal(await shop.answerSoon(), GREETING);
  });

  testCreation(() => shop);

  test('Delete names what it removes, and leaves the host as it was', async () => {
    const { view, workbench } = shop;
    // What nobody named is asked for: one guest, or all of them.
    await view.runCommand('KVM: Delete Workspace Guest…');
    await workbench.page.getByText('Delete Which Guest?').waitFor();
    await view.choice('web').waitFor();
    await workbench.screenshot('workspace-destroy-which');
    await view.take('All Guests');
    for (const name of [
      'shop-web on lab',
      'Volume shop-db-disk1.qcow2',
      'shop-old on lab',
      'Network shop-lan',
    ])
      await view.dialog.getByText(name).waitFor();
    await workbench.screenshot('workspace-destroy');
    await view.confirm('Delete');
    await view.item('web', 'not created').waitFor();
    await view.item('db', 'not created').waitFor();
    // Its pool goes last, and may go while it is looked at.
    const isAsBefore = async () => isDeepStrictEqual(await shop.traces().catch(() => undefined), found);
    await eventually('the host is as it was', isAsBefore);
  });
});
