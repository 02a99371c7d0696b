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
/** After so much, a window gets a moment to show it. Who writes faster than that has to wait. */
const SHOWN_AT_ONCE = 256 * 1024;
const REST_MS = 100;

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
  const { all } = running;
  let output = '';
  let shown = 0;
  all.setEncoding('utf8');
  all.on('data', (text: string) => {
    output += text;
    // Not at each piece: there may be as many as there are characters.
    if (output.length > 2 * KEPT) output = output.slice(-KEPT);
    if (onOutput === undefined) return;
    onOutput(text);
    shown += text.length;
    if (shown < SHOWN_AT_ONCE) return;
    shown = 0;
    all.pause();
    setTimeout(() => all.resume(), REST_MS);
  });
  const { exitCode = 255 } = await running;
  signal.throwIfAborted();
  return { exitCode, output: output.slice(-KEPT) };
}
