import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { freePort } from '../../support/free-port.ts';
import { HostsPage } from '../../support/hosts-page.ts';
import { whyNoLinux } from '../../support/linux-guest.ts';
import { GREETING, networkGuestFor } from '../../support/network-guest.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../support/private-daemon.ts';
import { openWorkbench, type Workbench } from '../../support/workbench.ts';

const why = process.getuid?.() === 0 ? await whyNoLinux() : 'Only root can make networks';

suite('A workspace with a kvm.yaml of two guests', { skip: why }, () => {
  const tag = randomBytes(3).toString('hex');
  const third = Number.parseInt(tag.slice(0, 2), 16);
  let daemon: PrivateDaemon;
  let folder: string;
  let file: string;
  let port: number;
  let workbench: Workbench;
  let view: HostsPage;
  let found: Record<string, string>;

  before(async () => {
    daemon = await startPrivateDaemon();
    folder = await mkdtemp(join(tmpdir(), 'kvm-workspace-'));
    file = join(folder, 'kvm.yaml');
    port = await freePort();
    const { kernel, initrd } = await networkGuestFor(daemon);
    // A network of its own range and bridge: these are the machine's, unlike all else of the private daemon.
    await writeFile(
      file,
      `name: shop
networks:
  lan:
    mode: open
    bridge: kw${tag}
    subnet: 10.213.${third}.0/24
guests:
  web:
    kernel: ${kernel}
    initrd: ${initrd}
    cmdline: console=ttyS0 quiet
    memory: 128 MiB
    accel: tcg
    machine: pc
    networks: [lan]
    ports: ['${port}:80']
  db:
    kernel: ${kernel}
    initrd: ${initrd}
    cmdline: console=ttyS0 quiet
    memory: 128 MiB
    disk: 64 MiB
    accel: tcg
    machine: pc
    networks: [lan]
    depends-on: [web]
`,
    );
    found = await host();
    await open();
  });

  after(async () => {
    await workbench?.dispose();
    await daemon?.dispose();
    await execa('ip', ['link', 'delete', `kw${tag}`], { reject: false });
    await rm(folder, { recursive: true, force: true });
  });

  async function open(): Promise<void> {
    workbench = await openWorkbench({
      folder,
      settings: { 'kvm.hosts': [{ name: 'lab', uri: daemon.uri }] },
    });
    view = new HostsPage(workbench);
    await view.open();
  }

  /** All that Up could leave behind. */
  async function host(): Promise<Record<string, string>> {
    const pools = (await daemon.virsh('pool-list', '--all', '--name'))
      .split('\n')
      .filter((pool) => pool !== '');
    const volumes = await Promise.all(pools.map((pool) => daemon.virsh('vol-list', pool)));
    const { stdout } = await execa('ps', ['-eo', 'args']);
    return {
      domains: await daemon.virsh('list', '--all', '--name'),
      networks: await daemon.virsh('net-list', '--all', '--name'),
      pools: pools.join(),
      volumes: volumes.join(),
      processes: stdout
        .split('\n')
        .filter((line) => /guest=shop-|dnsmasq\/shop-/u.test(line))
        .join('\n'),
      bridges: (await execa('ip', ['-brief', 'link', 'show', 'type', 'bridge'])).stdout
        .split('\n')
        .filter((line) => line.startsWith(`kw${tag}`))
        .join('\n'),
    };
  }

  /** A lease outlives the boot that it was given to: an address is there before the guest is. */
  async function answerSoon(): Promise<string> {
    const deadline = Date.now() + 40_000;
    for (;;) {
      const text = await answer().catch((error: unknown) => {
        if (Date.now() > deadline) throw error;
        return undefined;
      });
      if (text !== undefined) return text;
      await sleep(200);
    }
  }

  async function answer(): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5000) });
    return (await response.text()).trim();
  }

  test('Up runs both, with addresses, and a forwarded port answers', async () => {
    await view.item('web').and(workbench.page.locator('[aria-label*="not created"]')).waitFor();
    await workbench.screenshot('workspace-declared');
    await view.runCommand('KVM: Up');
    await view.item('web', `10.213.${third}.`).waitFor({ timeout: 60_000 });
    await view.item('db', `10.213.${third}.`).waitFor({ timeout: 60_000 });
    await view.item('db', 'running').waitFor();
    assert.equal(await answerSoon(), GREETING);
    assert.equal(await daemon.virsh('domstate', 'shop-db'), 'running');
    await view.item('web').click();
    await workbench.page.keyboard.press('ArrowRight');
    await workbench.page.getByText(`→ port 80 of the guest`).waitFor();
    await view.runCommand('KVM: Open kvm.yaml');
    await workbench.page.locator('.codelens-decoration').getByText('Reload').first().waitFor();
    await workbench.screenshot('workspace-up');
  });

  test('Up again changes nothing', async () => {
    const all = async () => [
      await daemon.virsh('list', '--all'),
      await daemon.virsh('dumpxml', 'shop-web'),
      await daemon.virsh('dumpxml', '--inactive', 'shop-db'),
    ];
    const is = await all();
    await view.runCommand('KVM: Up');
    await sleep(1000);
    assert.deepEqual(await all(), is);
  });

  test('another size of memory is planned as a difference, then made', async () => {
    const { page } = workbench;
    await writeFile(file, (await readFile(file, 'utf8')).replace('memory: 128 MiB', 'memory: 192 MiB'));
    // An editor that shows a file looks at the disk a moment later, and what it shows is what is planned.
    await page.locator('.view-line', { hasText: 'memory: 192 MiB' }).waitFor();
    await view.runCommand('KVM: Show Plan');
    await page.locator('.diff-editor, .monaco-diff-editor').getByText('needs a restart').first().waitFor();
    await workbench.screenshot('workspace-plan');
    await view.runCommand('KVM: Up');
    await view.item('web', 'restart to apply changes').waitFor();
    assert.match(await daemon.virsh('dumpxml', '--inactive', 'shop-web'), /<memory unit='KiB'>196608</u);
    await view.notification(/web runs as before until the next start/u);
    await workbench.screenshot('workspace-restart');
    await view.runCommand('Notifications: Clear All Notifications');
    await view.runCommand('KVM: Down');
    await view.item('web', 'shut off').waitFor();
    await view.item('db', 'shut off').waitFor();
    await assert.rejects(answer(), 'the port is gone with the guest');
  });

  test('an editor that is killed in the middle of Up leaves what another one finishes', async () => {
    await view.runCommand('KVM: Up');
    while (!(await daemon.virsh('list', '--name')).includes('shop-web')) await sleep(20);
    await workbench.dispose();
    await open();
    await view.runCommand('KVM: Up');
    await view.item('web', `10.213.${third}.`).waitFor({ timeout: 60_000 });
    await view.item('db', `10.213.${third}.`).waitFor({ timeout: 60_000 });
    assert.match(await daemon.virsh('dumpxml', 'shop-web'), /<memory unit='KiB'>196608</u);
    assert.equal(await answerSoon(), GREETING);
  });

  test('Destroy names what it removes, and leaves the host as it was', async () => {
    await view.runCommand('KVM: Destroy…');
    for (const name of ['shop-web on lab', 'volume shop-db-disk1.qcow2', 'network shop-lan'])
      await view.dialog.getByText(name).waitFor();
    await workbench.screenshot('workspace-destroy');
    await view.dialog.getByRole('button', { name: 'Destroy' }).click();
    await view.item('web', 'not created').waitFor();
    await view.item('db', 'not created').waitFor();
    await sleep(300);
    assert.deepEqual(await host(), found);
  });
});
