import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { keepCapabilities, lendCapabilities } from './private-daemon/capabilities-cache.ts';
import { sessionEnvironment, type Settings, writeConfiguration } from './private-daemon/configuration.ts';
import { startSupervisor, type Supervisor } from './private-daemon/supervisor.ts';
import { tinyOsXml } from './tiny-os.ts';
import { buildTinyOs } from '../../scripts/lib/tiny-os.ts';

export interface PrivateDaemonOptions {
  /** Give the daemon a network namespace, for tests that start networks. Its ports are then out of reach. */
  readonly privateNetwork?: boolean;
  /** Set in libvirtd.conf, over what it usually says. Where `auth_unix_rw` is, `virsh` gets no further either. */
  readonly settings?: Settings;
  /** Listen on the network, at the ports that the settings name. */
  readonly listen?: boolean;
  /** What libraries of the daemon look at, such as `SASL_CONF_PATH`. */
  readonly env?: Readonly<Record<string, string>>;
}

const startTimeoutMs = 20_000;
const LOG_LINES = 8;

async function answers(at: { path: string } | { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(at);
    const settle = (reached: boolean) => {
      probe.destroy();
      resolve(reached);
    };
    probe.once('connect', () => settle(true));
    probe.once('error', () => settle(false));
  });
}

/**
 * A libvirtd of a test's own. As root it runs in private mount and process namespaces over fresh folders, as
 * another user it is a session daemon with private XDG folders: either way it can neither see nor touch the
 * machine's own guests, and the kernel ends its guests with it.
 */
export class PrivateDaemon implements AsyncDisposable {
  /** Readable for the QEMU user; removed by `dispose`. */
  readonly folder: string;
  readonly socket: string;
  readonly uri: string;
  /** The test driver's default host, which all connections to this daemon share. */
  readonly testUri: string;
  readonly #mode: 'system' | 'session';
  readonly #supervisor: Supervisor;
  #elf: Promise<string> | undefined;

  readonly #ports: readonly number[];

  constructor(
    folder: string,
    mode: 'system' | 'session',
    supervisor: Supervisor,
    ports: readonly number[] = [],
  ) {
    this.#ports = ports;
    this.folder = folder;
    this.socket = join(folder, mode === 'system' ? 'run/libvirt-sock' : 'run/libvirt/libvirt-sock');
    this.uri = `qemu+unix:///${mode}?socket=${this.socket}`;
    this.testUri = `test+unix:///default?socket=${this.socket}`;
    this.#mode = mode;
    this.#supervisor = supervisor;
  }

  /** A host that the test driver makes from a file; every connection gets its own. */
  testFileUri(path: string): string {
    return `test+unix://${path}?socket=${this.socket}`;
  }

  async start(): Promise<void> {
    await this.#supervisor.start();
    const deadline = performance.now() + startTimeoutMs;
    while (!(await this.#listens())) {
      if (performance.now() > deadline) {
        const log = await readFile(join(this.folder, 'libvirtd.log'), 'utf8');
        throw new Error(`The private libvirtd does not answer:\n${log}`);
      }
      await delay(20);
    }
  }

  /** It answers on its own socket a moment before it listens on the network. */
  async #listens(): Promise<boolean> {
    const places = this.#ports.map((port) => answers({ host: '127.0.0.1', port }));
    return (await Promise.all([answers({ path: this.socket }), ...places])).every(Boolean);
  }

  /** Ends the daemon, as `SIGKILL` or `SIGTERM` does; its guests run on. `start` brings it back. */
  async kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.#supervisor.stop(signal);
  }

  /** How the daemon ended when nobody ended it, with the last it had to say; undefined while it runs. */
  async crash(): Promise<string | undefined> {
    const status = await this.#supervisor.fate();
    if (status === undefined) return undefined;
    const how = status > 128 ? `by signal ${status - 128}` : `with status ${status}`;
    return [`it ended ${how}`, ...(await this.#lastLogged())].join('\n    ');
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** What `virsh` prints about this daemon, trimmed: the second opinion of the tests. */
  async virsh(...args: string[]): Promise<string> {
    const virsh = ['-q', '-c', this.uri, ...args];
    const { failed, message, stdout } = await execa('virsh', virsh, { stdin: 'ignore', reject: false });
    if (failed)
      throw new Error([message, 'The daemon logged:', ...(await this.#lastLogged())].join('\n    '));
    return stdout.trim();
  }

  async #lastLogged(): Promise<readonly string[]> {
    const log = await readFile(join(this.folder, 'libvirtd.log'), 'utf8').catch(() => '');
    return log.trim().split('\n').slice(-LOG_LINES);
  }

  /** Defines a guest (always `type='qemu'`) that boots tiny-os. */
  async defineTinyOs(name: string, options: { uuid?: string } = {}): Promise<void> {
    const kernel = await this.tinyOsElf();
    const xml = tinyOsXml({ name, kernel, ...options });
    await this.define(xml);
  }

  /** Has virsh read XML from a file, by its own verb for that kind of object. */
  async define(xml: string, verb = 'define'): Promise<void> {
    const file = join(this.folder, `define-${randomUUID()}.xml`);
    await writeFile(file, xml);
    await this.virsh(verb, file);
    await rm(file);
  }

  /** A copy where the QEMU user can read it. */
  async tinyOsElf(): Promise<string> {
    this.#elf ??= this.#copyElf();
    return this.#elf;
  }

  async #copyElf(): Promise<string> {
    const copy = join(this.folder, 'tiny-os.elf');
    await copyFile(await buildTinyOs(), copy);
    return copy;
  }

  async dispose(): Promise<void> {
    await keepCapabilities(this.folder, this.#mode);
    await this.#supervisor.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

export async function startPrivateDaemon(options: PrivateDaemonOptions = {}): Promise<PrivateDaemon> {
  const mode = process.getuid?.() === 0 ? 'system' : 'session';
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'kvm-workbench-'));
  await writeConfiguration(folder, mode, options.settings);
  await lendCapabilities(folder, mode);
  const supervisor = await startSupervisor({
    folder,
    mode,
    privateNetwork: options.privateNetwork ?? false,
    daemonOptions: options.listen === true ? ['--listen'] : [],
    env: { ...(mode === 'session' ? sessionEnvironment(folder) : {}), ...options.env },
  });
  // What we put beside the daemon's own is to be there too, and not among the person's.
  if (mode === 'session') process.env['XDG_DATA_HOME'] = sessionEnvironment(folder).XDG_DATA_HOME;
  const { listen = false, settings = {} } = options;
  const ports = listen ? portsIn(settings) : [];
  const daemon = new PrivateDaemon(folder, mode, supervisor, ports);
  try {
    await daemon.start();
  } catch (error) {
    await daemon.dispose();
    throw error;
  }
  return daemon;
}

/** The ports that libvirtd.conf names, of those that are switched on. */
function portsIn(settings: Settings): number[] {
  const kinds = [
    { on: settings['listen_tls'], port: settings['tls_port'] },
    { on: settings['listen_tcp'], port: settings['tcp_port'] },
  ];
  return kinds.filter(({ on, port }) => on === 1 && port !== undefined).map(({ port }) => Number(port));
}
