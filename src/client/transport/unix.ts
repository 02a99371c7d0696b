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
  const channel = await tryAll(paths.candidates, signal);
  if (channel !== undefined) return channel;
  if (!paths.startable) throw noDaemon(paths);
  const socketPath = await startSessionDaemon(paths.candidates, signal);
  return connectSocket(socketPath, signal);
}

/** The first socket that exists decides: a refusal there is an error, not a reason to look further. */
async function tryAll(candidates: readonly string[], signal: AbortSignal): Promise<Channel | undefined> {
  for (const path of candidates) {
    try {
      return await connectSocket(path, signal);
    } catch (error) {
      if (!isAbsent(error)) throw await explain(path, error);
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

function noDaemon(paths: SocketPaths): TransportError {
  return new TransportError(
    'no-daemon',
    noDaemonText(paths.candidates),
    paths.explicit
      ? t('Check the socket= part of the URI.')
      : t(
          'Install libvirt-daemon-system, then run “sudo systemctl start libvirtd” (or virtqemud.socket where libvirt is modular).',
        ),
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
