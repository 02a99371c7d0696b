import { readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { t } from '@vscode/l10n';
import type { Channel } from '../rpc/channel.ts';
import { abortReason } from '../rpc/error.ts';
import { TransportError } from './error.ts';
import { SocketReader } from './socket-reader.ts';
import { startSessionDaemon } from './session-daemon.ts';
import { socketChannel } from './socket-channel.ts';
import { type SocketPaths, socketCandidates } from './socket-paths.ts';
import type { LibvirtUri } from './uri.ts';

/** Opens the daemon's local socket; a session daemon that is not running is started, as libvirt does. */
export async function openUnix(uri: LibvirtUri, signal: AbortSignal): Promise<Channel> {
  const paths = socketCandidates(uri);
  const left: string[] = [];
  const channel = await tryAll(paths.candidates, left, signal);
  if (channel !== undefined) return channel;
  if (!paths.startable) throw noDaemon(paths, left.length > 0);
  const socketPath = await startSessionDaemon(paths.candidates, signal);
  return connectSocket(socketPath, signal);
}

/**
 * The first socket that exists decides: a refusal there is an error, not a reason to look further. `left` gets those
 * that a daemon left behind when it ended.
 */
async function tryAll(
  candidates: readonly string[],
  left: string[],
  signal: AbortSignal,
): Promise<Channel | undefined> {
  for (const path of candidates) {
    try {
      return await connectSocket(path, signal);
    } catch (error) {
      if (!isAbsent(error)) throw await explain(path, error);
      if (errorCode(error) === 'ECONNREFUSED') left.push(path);
    }
  }
  return undefined;
}

/** ECONNREFUSED on a unix socket: the file was left behind by a daemon that is gone. */
function isAbsent(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ECONNREFUSED';
}

async function explain(path: string, error: unknown): Promise<unknown> {
  const code = errorCode(error);
  if (code !== 'EACCES' && code !== 'EPERM') return error;
  return new TransportError(
    'permission-denied',
    t('No permission to use {0}', path),
    await permissionHint(path),
    {
      cause: error,
    },
  );
}

async function permissionHint(path: string): Promise<string> {
  const group = await groupOf(path);
  if (group === undefined)
    return t(
      'Only its owner may use it. Set unix_sock_group and unix_sock_rw_perms in libvirtd.conf (or virtqemud.conf) to let others in.',
    );
  return t(
    'The socket is for the group {0}: run “sudo usermod -aG {0} $USER”, then log out and in again. Where polkit decides, add a rule for org.libvirt.unix.manage.',
    group,
  );
}

const GROUP_MAY_WRITE = 0o020;

/** The group that may use the socket: by name, or by number where that cannot be read; never root's own. */
async function groupOf(path: string): Promise<string | undefined> {
  try {
    const { gid, mode } = await stat(path);
    if (gid === 0 || (mode & GROUP_MAY_WRITE) === 0) return undefined;
    const groups = (await readFile('/etc/group', 'utf8')).split('\n').map((line) => line.split(':'));
    return groups.find((fields) => fields[2] === String(gid))?.[0] ?? String(gid);
  } catch {
    // The directory itself is closed to us: libvirt's usual group is the best advice left.
    return 'libvirt';
  }
}

function noDaemonText([first = '', second]: readonly string[]): string {
  return second === undefined
    ? t('No libvirt daemon answers at {0}', first)
    : t('No libvirt daemon answers at {0} or {1}', first, second);
}

function noDaemon(paths: SocketPaths, hasEnded: boolean): TransportError {
  return new TransportError('no-daemon', noDaemonText(paths.candidates), noDaemonHint(paths, hasEnded));
}

/** A socket that is there says that the daemon is installed, and that the URI is right. */
function noDaemonHint({ explicit }: SocketPaths, hasEnded: boolean): string {
  if (hasEnded && explicit) return t('The daemon that listened there has stopped: start it again.');
  if (hasEnded)
    return t(
      'It has stopped: run “sudo systemctl start libvirtd” (or virtqemud.socket where libvirt is modular).',
    );
  return explicit
    ? t('Start the daemon that listens there, or correct the socket= part of the URI.')
    : t(
        'Install libvirt-daemon-system, then run “sudo systemctl start libvirtd” (or virtqemud.socket where libvirt is modular).',
      );
}

function connectSocket(path: string, signal: AbortSignal): Promise<Channel> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const reader = new SocketReader();
    const socket = connect({ path, onread: reader.onread });
    const onAbort = () => socket.destroy(abortReason(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    const onError = (error: Error) => {
      signal.removeEventListener('abort', onAbort);
      reject(error);
    };
    socket.once('error', onError);
    socket.once('connect', () => {
      signal.removeEventListener('abort', onAbort);
      socket.removeListener('error', onError);
      resolve(socketChannel(socket, [], reader));
    });
  });
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
}
