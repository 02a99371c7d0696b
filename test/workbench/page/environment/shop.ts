import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { freePort } from '../../../support/free-port.ts';
import { HostsPage } from '../../../support/hosts-page.ts';
import { networkGuestFor } from '../../../support/network-guest.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';
import { sshGuestFor } from '../../../support/ssh-guest.ts';
import { openWorkbench, type Workbench } from '../../../support/workbench.ts';

/** Two guests boot at once under emulation, beside other tests. */
const BOOT_MS = 90_000;

/**
 * A workspace whose kvm.yaml declares `web`, which answers at a forwarded port, and `db`, which has a disk and ssh; a
 * daemon for them, and a workbench on it.
 */
export class Shop implements AsyncDisposable {
  readonly daemon: PrivateDaemon;
  readonly folder: string;
  readonly port: number;
  workbench!: Workbench;
  view!: HostsPage;
  readonly #tag: string;

  private constructor(daemon: PrivateDaemon, folder: string, port: number, tag: string) {
    this.daemon = daemon;
    this.folder = folder;
    this.port = port;
    this.#tag = tag;
  }

  static async open(): Promise<Shop> {
    const daemon = await startPrivateDaemon();
    const folder = await mkdtemp(join(tmpdir(), 'kvm-workspace-'));
    const shop = new Shop(daemon, folder, await freePort(), randomBytes(3).toString('hex'));
    try {
      await shop.#writeFiles();
      await shop.openWorkbench();
      return shop;
    } catch (error) {
      await shop[Symbol.asyncDispose]();
      throw error;
    }
  }

  get file(): string {
    return join(this.folder, 'kvm.yaml');
  }

  get #bridge(): string {
    return `kw${this.#tag}`;
  }

  /** How the addresses of its guests begin. */
  get subnet(): string {
    return `10.213.${Number.parseInt(this.#tag.slice(0, 2), 16)}.`;
  }

  async #writeFiles(): Promise<void> {
    const { kernel, initrd } = await networkGuestFor(this.daemon);
    const ssh = await sshGuestFor(this.daemon);
    const rest =
      'cmdline: console=ttyS0 quiet cryptomgr.notests\n    accel: tcg\n    machine: pc\n    networks: [lan]';
    // A network of its own range and bridge: these are the machine's, unlike all else of the private daemon.
    const text = `name: shop
networks:
  lan:
    mode: open
    bridge: ${this.#bridge}
    subnet: ${this.subnet}0/24
guests:
  web:
    kernel: ${kernel}
    initrd: ${initrd}
    ${rest}
    memory: 128 MiB
    ports: ['${this.port}:80']
  db:
    kernel: ${kernel}
    initrd: ${ssh.initrd}
    ${rest}
    memory: 160 MiB
    disk: 64 MiB
    depends-on: [web]
    cloud-init: { user: dev }
    provision:
      - run: echo ran >>~/runs
`;
    const task = { label: 'stop the shop', type: 'kvm', command: 'down' };
    await writeFile(this.file, text);
    await mkdir(join(this.folder, '.vscode'));
    await writeFile(
      join(this.folder, '.vscode', 'tasks.json'),
      JSON.stringify({ version: '2.0.0', tasks: [task] }),
    );
  }

  /** Another one, when the last one is gone. */
  async openWorkbench(): Promise<void> {
    this.workbench = await openWorkbench({
      folder: this.folder,
      settings: { 'kvm.hosts': [{ name: 'lab', uri: this.daemon.uri }] },
    });
    this.view = new HostsPage(this.workbench);
    // Guests boot beside it.
    this.workbench.page.setDefaultTimeout(BOOT_MS);
    await this.view.open();
  }

  /** Waits until the tree shows both with their addresses, and nothing more that is waited for. */
  async isUp(): Promise<void> {
    for (const guest of ['web', 'db']) await this.view.item(guest, `running · ${this.subnet}`).waitFor();
  }

  /** What `web` says at its port. @throws where nobody answers */
  async answer(): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.port}/`, { signal: AbortSignal.timeout(5000) });
    return (await response.text()).trim();
  }

  /** A lease outlives the boot that it was given to: an address is there before the guest is. */
  async answerSoon(): Promise<string> {
    const deadline = Date.now() + BOOT_MS;
    for (;;) {
      const text = await this.answer().catch((error: unknown) => {
        if (Date.now() > deadline) throw error;
        return undefined;
      });
      if (text !== undefined) return text;
      await sleep(200);
    }
  }

  /** All that Up could leave behind. */
  async traces(): Promise<Record<string, string>> {
    const { daemon } = this;
    const pools = (await daemon.virsh('pool-list', '--all', '--name'))
      .split('\n')
      .filter((pool) => pool !== '');
    const volumes = await Promise.all(pools.map((pool) => daemon.virsh('vol-list', pool)));
    const { stdout: all } = await execa('ps', ['-eo', 'pidns,args']);
    // Another daemon on this machine may run guests of the same names, in a namespace of its own.
    const daemonLine = all.split('\n').find((line) => line.includes(`libvirtd --config ${daemon.folder}/`));
    const namespace = daemonLine?.trim().split(' ')[0] ?? '';
    const processes = all
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith(`${namespace} `))
      .join('\n');
    const { stdout: bridges } = await execa('ip', ['-brief', 'link', 'show', 'type', 'bridge']);
    const linesOf = (text: string, pattern: RegExp) =>
      text
        .split('\n')
        .filter((line) => pattern.test(line))
        .join('\n');
    return {
      domains: await daemon.virsh('list', '--all', '--name'),
      networks: await daemon.virsh('net-list', '--all', '--name'),
      pools: pools.join(),
      volumes: volumes.join(),
      processes: linesOf(processes, /guest=shop-|dnsmasq\/shop-/u),
      bridges: linesOf(bridges, new RegExp(`^${this.#bridge}`, 'u')),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.workbench?.dispose();
    await this.daemon.dispose();
    await execa('ip', ['link', 'delete', this.#bridge], { reject: false });
    await rm(this.folder, { recursive: true, force: true });
  }
}
