import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { TransportError } from './error.ts';

const START_TIMEOUT_MS = 15_000;
const RETRY_MS = 50;

/**
 * Starts the user's own daemon for one of these sockets and waits until it answers. As with libvirt's own
 * clients it is left to itself afterwards: it ends two minutes after its last client and guest are gone.
 */
export async function startSessionDaemon(
  candidates: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  for (const socketPath of candidates) {
    const daemon = await findDaemon(socketPath);
    if (daemon === undefined) continue;
    await launch(daemon);
    await waitForSocket(socketPath, daemon, signal);
    return socketPath;
  }
  throw new TransportError(
    'no-daemon',
    t('No session daemon is installed ({0})', candidates.map(daemonFor).join(', ')),
    t('Install libvirt-daemon (Debian, Ubuntu) or libvirt-daemon-driver-qemu (Fedora).'),
  );
}

/** `virtqemud-sock` belongs to `virtqemud`, `libvirt-sock` to `libvirtd`. */
function daemonFor(socketPath: string): string {
  const name = basename(socketPath).replace(/-sock(-ro)?$/, '');
  return name === 'libvirt' ? 'libvirtd' : name;
}

/** The installed program that would listen at this socket. */
export async function findDaemon(socketPath: string): Promise<string | undefined> {
  const name = daemonFor(socketPath);
  // Daemons live in sbin, which is often not on a user's PATH.
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  for (const directory of directories.filter((d) => d !== '')) {
    const path = join(directory, name);
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

function launch(daemon: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(daemon, ['--timeout=120'], { detached: true, stdio: 'ignore', cwd: '/' });
    child.once('error', reject);
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}

async function waitForSocket(path: string, daemon: string, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (await answers(path)) return;
    await sleep(RETRY_MS, undefined, { signal });
  }
  throw new TransportError(
    'no-daemon',
    t('{0} was started but does not answer at {1}', daemon, path),
    t('Run “{0} --verbose” in a terminal to see why.', basename(daemon)),
  );
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
