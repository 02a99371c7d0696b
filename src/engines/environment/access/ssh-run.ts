import { execa } from 'execa';
import { forAnyShell } from '../../../client/transport/remote-shell.ts';
import { inQuotes, oneWord } from '../../../model/text/line.ts';
import type { SshKeys } from './ssh-keys.ts';

/** Where SSH of a guest is reached from this machine, and the user to log in as. */
export interface SshTarget {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** The guest's name among the known hosts. */
  readonly alias: string;
  /** Whether its host key was created here. If not, the first key that it shows is kept. */
  readonly knownKey: boolean;
}

/**
 * The options of ssh for a guest, as its config writes them: nothing of the person's own config, and no questions.
 * @throws LineError when one of them could be read as another
 */
export function sshOptions(keys: SshKeys, target: SshTarget): Readonly<Record<string, string>> {
  return {
    HostName: oneWord(target.address),
    Port: String(target.port),
    User: oneWord(target.user),
    IdentityFile: quoted(keys.identity),
    IdentitiesOnly: 'yes',
    UserKnownHostsFile: quoted(keys.knownHosts),
    GlobalKnownHostsFile: '/dev/null',
    HostKeyAlias: oneWord(target.alias),
    StrictHostKeyChecking: target.knownKey ? 'yes' : 'accept-new',
    PasswordAuthentication: 'no',
    ServerAliveInterval: '15',
    LogLevel: 'ERROR',
  };
}

/** ssh splits values at spaces, and expands tokens in paths. */
function quoted(path: string): string {
  return inQuotes(path.replaceAll('%', '%%'));
}

/** The arguments of ssh up to the command. */
export function sshArguments(keys: SshKeys, target: SshTarget): readonly string[] {
  const given = Object.entries(sshOptions(keys, target)).flatMap(([name, value]) => [
    '-o',
    `${name}=${value}`,
  ]);
  return ['-F', 'none', ...given];
}

/** All arguments of ssh for a script of `sh` that runs without questions, whatever the user's own shell is. */
export function sshCommand(keys: SshKeys, target: SshTarget, script: string): readonly string[] {
  const quiet = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10'];
  return [...sshArguments(keys, target), ...quiet, '--', target.address, forAnyShell(script)];
}

export interface RunOptions {
  readonly signal: AbortSignal;
  /** The standard input of the command. */
  readonly input?: string;
  readonly onOutput?: (text: string) => void;
  readonly timeoutMs?: number;
}

export interface RunResult {
  /** 255 when ssh itself failed. */
  readonly exitCode: number;
  readonly output: string;
}

/** How much of a command's output is kept; all of it goes to `onOutput`. */
const KEPT = 256 * 1024;

/** Runs a script of `sh` in a guest. */
export async function runOverSsh(
  keys: SshKeys,
  target: SshTarget,
  script: string,
  { signal, input = '', onOutput, timeoutMs }: RunOptions,
): Promise<RunResult> {
  const running = execa('ssh', sshCommand(keys, target, script), {
    input,
    all: true,
    reject: false,
    buffer: false,
    cancelSignal: signal,
    forceKillAfterDelay: 1000,
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  });
  let output = '';
  running.all.setEncoding('utf8');
  running.all.on('data', (text: string) => {
    output = (output + text).slice(-KEPT);
    onOutput?.(text);
  });
  const { exitCode = 255 } = await running;
  signal.throwIfAborted();
  return { exitCode, output };
}
