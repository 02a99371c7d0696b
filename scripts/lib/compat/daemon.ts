import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { buildTinyOs } from '../tiny-os.ts';

export interface CompatDaemon extends AsyncDisposable {
  /** Its socket, seen from here. */
  readonly socket: string;
  /** Seen at the same place from here and by the daemon; removed with it. */
  readonly folder: string;
  /** The path of a tiny-os, seen from the daemon. */
  readonly kernel: string;
}

const script = join(import.meta.dirname, 'run-daemon.sh');
const START_TIMEOUT_MS = 20_000;

/** libvirt's own defaults name users and helpers that a small tree does not have. */
const QEMU_CONF = [
  'user = "root"',
  'group = "root"',
  'stdio_handler = "file"',
  'security_driver = "none"',
  'namespaces = []',
  'cgroup_controllers = []',
];

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(socket);
    const settle = (reached: boolean) => {
      probe.destroy();
      resolve(reached);
    };
    probe.once('connect', () => settle(true));
    probe.once('error', () => settle(false));
  });
}

/** Starts `libvirtd` or `virtqemud` of a tree (`/` is this machine) where nobody else meets it. Needs root. */
export async function startCompatDaemon(
  tree: string,
  program: 'libvirtd' | 'virtqemud',
): Promise<CompatDaemon> {
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-compat-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  // QEMU is root there, but has to get through it all the same.
  await chmod(folder, 0o755);
  for (const name of ['run', 'lib/images', 'etc', 'log', 'cache'])
    await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, 'etc', `${program}.conf`), 'auth_unix_rw = "none"\nauth_unix_ro = "none"\n');
  await writeFile(join(folder, 'etc/qemu.conf'), `${QEMU_CONF.join('\n')}\n`);
  await copyFile(await buildTinyOs(), join(folder, 'tiny-os.elf'));

  const namespaces = ['--mount', '--pid', '--fork', '--kill-child'];
  const daemon = execa('unshare', [...namespaces, script, tree, folder, program], {
    stdin: 'ignore',
    all: true,
    reject: false,
  });
  undo.defer(async () => {
    daemon.kill('SIGKILL');
    await daemon;
  });
  const socket = join(folder, 'run', program === 'libvirtd' ? 'libvirt-sock' : 'virtqemud-sock');
  await Promise.race([
    untilAnswers(socket),
    daemon.then(({ all }) => Promise.reject(new Error(`${program} ended: ${all}`))),
  ]);
  const resources = undo.move();
  return {
    socket,
    folder,
    kernel: join(folder, 'tiny-os.elf'),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function untilAnswers(socket: string): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await answers(socket))) {
    if (performance.now() > deadline) throw new Error(`Nobody answers at ${socket}`);
    await delay(20);
  }
}
