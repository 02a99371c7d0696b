import { execa } from 'execa';
import type { Channel } from '../rpc/channel.ts';
import { TransportError } from './error.ts';
import { explainSshFailure, NO_HELPER } from './ssh-failure.ts';
import { socketCandidates } from './socket-paths.ts';
import { type LibvirtUri, nameForDaemon } from './uri.ts';

const STDERR_MAX = 16 * 1024;

/**
 * Runs the user's own ssh, so that their config, agent, jump hosts and keys work, with libvirt's helper (or
 * nc) on the far side. The byte stream is the process's stdin and stdout. The signal is for the attempt, not
 * for the life of the connection: whoever gives up closes the channel.
 */
export function openSsh(uri: LibvirtUri, signal: AbortSignal): Channel {
  signal.throwIfAborted();
  let asked = false;
  let stderr = '';
  const ssh = execa('ssh', sshArguments(uri), {
    buffer: false,
    reject: false,
    stdin: 'pipe',
  });
  ssh.stderr.setEncoding('utf8');
  ssh.stderr.on('data', (text: string) => (stderr = (stderr + text).slice(-STDERR_MAX)));
  // A write to a process that just ended: its exit, below, says why.
  ssh.stdin.on('error', () => undefined);
  return {
    input: ssh.stdout,
    output: ssh.stdin,
    closed: ssh.then(({ code, exitCode }) =>
      asked ? undefined : explainSshFailure(uri, { code, exitCode, stderr }),
    ),
    close: () => {
      asked = true;
      ssh.kill();
    },
  };
}

/** `--` and the check in parseUri keep a host name from being read as an option. */
export function sshArguments(uri: LibvirtUri): readonly string[] {
  if (uri.host === undefined)
    throw new TransportError('bad-uri', 'The URI names no host', 'Example: qemu+ssh://user@host/system.');
  const { extras } = uri;
  return [
    '-T',
    '-e',
    'none',
    '-o',
    'BatchMode=yes',
    ...(uri.port === undefined ? [] : ['-p', String(uri.port)]),
    ...(uri.user === undefined ? [] : ['-l', uri.user]),
    ...(extras.has('keyfile') ? ['-i', extras.get('keyfile') ?? ''] : []),
    ...(extras.has('known_hosts')
      ? ['-o', `UserKnownHostsFile=${fileOption(extras.get('known_hosts') ?? '')}`]
      : []),
    '--',
    uri.host,
    remoteCommand(uri),
  ];
}

/** ssh splits this option at spaces and fills in its % tokens. */
function fileOption(path: string): string {
  return `"${path.replaceAll('%', '%%').replaceAll('"', String.raw`\"`)}"`;
}

/**
 * ssh joins its command into one string for the far login shell, whichever that is, so that shell only gets
 * `sh -c` and one quoted word, in which every value from the URI is quoted again.
 */
function remoteCommand(uri: LibvirtUri): string {
  const socket = uri.extras.get('socket') ?? remoteSocket(uri);
  const netcat = uri.extras.get('netcat') ?? 'nc';
  const helper = `exec virt-ssh-helper ${quote(nameForDaemon(uri))}`;
  const native = uri.extras.has('socket')
    ? ''
    : `if command -v virt-ssh-helper >/dev/null 2>&1; then ${helper}; fi; `;
  const script =
    `${native}if command -v ${quote(netcat)} >/dev/null 2>&1; then exec ${quote(netcat)} -U ${quote(socket)}; fi; ` +
    `echo ${quote(NO_HELPER)} >&2; exit 127`;
  return `sh -c ${quote(script)}`;
}

/** Only for nc, on hosts too old for the helper: those run the monolithic daemon. */
function remoteSocket(uri: LibvirtUri): string {
  const { candidates } = socketCandidates({ ...uri, path: '/system', extras: new Map([['mode', 'legacy']]) });
  return candidates[0] ?? '';
}

/** One word for a POSIX shell, whatever is in it. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
