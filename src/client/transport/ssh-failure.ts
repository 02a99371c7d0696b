import { t } from '@vscode/l10n';
import { addressText, type HostAddress } from './dial.ts';
import { TransportError, type TransportErrorCode } from './error.ts';
import type { Answer, Heard } from './ssh-greeting.ts';

interface Symptom {
  readonly pattern: RegExp;
  readonly code: TransportErrorCode;
  readonly message: (host: string) => string;
  readonly hint: (target: string) => string;
}

/** What ssh writes when it goes wrong. OpenSSH's own messages are never translated. */
const OF_SSH: readonly Symptom[] = [
  {
    pattern: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    code: 'host-key',
    message: (host) => t('The host key of {0} has changed', host),
    hint: (target) =>
      t(
        'The host may have been reinstalled, or somebody may be listening in: find out which. “ssh-keygen -R” removes the old key, and “ssh {0}” accepts the new one.',
        target,
      ),
  },
  {
    pattern: /Host key verification failed|No .* host key is known/,
    code: 'host-key',
    message: (host) => t('The host key of {0} is not known', host),
    hint: (target) => t('Run “ssh {0}” once in a terminal and check the fingerprint it shows.', target),
  },
  {
    pattern: /Permission denied \(/,
    code: 'authentication',
    message: (host) => t('{0} did not accept the key', host),
    hint: (target) =>
      t(
        'Check that “ssh {0}” works without a password: copy a key there with ssh-copy-id, or add one to the agent.',
        target,
      ),
  },
  {
    pattern: /Session open refused by peer/,
    code: 'refused',
    message: (host) => t('{0} allows no more sessions on one ssh connection', host),
    hint: () => t('Close a console, or raise MaxSessions in its sshd_config.'),
  },
  {
    pattern: /Could not resolve hostname/,
    code: 'unknown-host',
    message: (host) => t('The host name {0} is not known', host),
    hint: () => t('Check its spelling, or add it to ~/.ssh/config.'),
  },
  {
    // ssh's own, or a jump host's; the far side's nc says it of a socket without a daemon.
    pattern: /(port \d+|open failed: connect failed): Connection refused/,
    code: 'refused',
    message: (host) => t('{0} refused the ssh connection', host),
    hint: () => t('Check that sshd runs there, and the port.'),
  },
  {
    pattern: /Connection timed out|No route to host|Network is unreachable|Operation timed out/,
    code: 'timeout',
    message: (host) => t('{0} does not answer', host),
    hint: () => t('Check that it is switched on and reachable from here.'),
  },
];

/** What nc and virt-ssh-helper write. */
const OF_THE_DAEMON: readonly Symptom[] = [
  {
    // A netcat of another family, which takes the path for an option's word, or for the name of a host.
    pattern:
      /(?:invalid|illegal|unknown|unrecognized|unrecognised) option\b.*\bU\b|forward host lookup failed|missing port number|no port\[s\]|^usage: nc(?![^]*unix)/imu,
    code: 'no-helper',
    message: (host) => t('The nc of {0} cannot reach unix sockets', host),
    hint: netcatHint,
  },
  {
    pattern: /Permission denied/,
    code: 'permission-denied',
    message: (host) => t('The user on {0} may not use the libvirt socket', host),
    hint: () => t('Add that user to the group libvirt on the host: “sudo usermod -aG libvirt USER”.'),
  },
  {
    pattern: /Failed to connect socket|No such file or directory|Connection refused|Connection reset/,
    code: 'no-daemon',
    message: (host) => t('No libvirt daemon answers on {0}', host),
    hint: () => t('Start it there: “sudo systemctl start libvirtd” (or virtqemud.socket).'),
  },
];

function netcatHint(): string {
  return t(
    'Install netcat-openbsd on that host (Fedora and its kin: nmap-ncat), or libvirt-daemon for virt-ssh-helper.',
  );
}

interface SshTarget {
  readonly host: string | undefined;
  readonly user: string | undefined;
}

export interface SshExit {
  /** The system's reason why ssh could not be started at all. */
  readonly code: string | undefined;
  readonly exitCode: number | undefined;
  readonly stderr: string;
}

/** Turns ssh's last words into one sentence and a way on; the words themselves stay in `cause` for the log. */
export function explainSshFailure(to: SshTarget, exit: SshExit): TransportError {
  return known(to, exit, [...OF_SSH, ...OF_THE_DAEMON]) ?? unknown(to, exit);
}

function known(to: SshTarget, exit: SshExit, symptoms: readonly Symptom[]): TransportError | undefined {
  if (exit.code === 'ENOENT')
    return new TransportError('no-program', t('ssh was not found'), t('Install the OpenSSH client.'));
  const symptom = symptoms.find(({ pattern }) => pattern.test(exit.stderr));
  if (symptom === undefined) return undefined;
  const { code, message, hint } = symptom;
  return new TransportError(code, message(to.host ?? ''), hint(targetText(to)), { cause: causeOf(exit) });
}

function unknown(to: SshTarget, exit: SshExit): TransportError {
  const host = to.host ?? '';
  const lastLine = exit.stderr.trim().split('\n').at(-1) ?? '';
  return new TransportError(
    'lost',
    lastLine === ''
      ? t('The ssh connection to {0} ended', host)
      : t('The ssh connection to {0} ended: {1}', host, lastLine),
    t('Try “ssh {0}” in a terminal.', targetText(to)),
    { cause: causeOf(exit) },
  );
}

function targetText({ host = '', user }: SshTarget): string {
  return user === undefined ? host : `${user}@${host}`;
}

// not for people: it is for the log
function causeOf({ exitCode, stderr }: SshExit): Error {
  return new Error(`ssh ended with ${exitCode ?? 'a signal'}: ${stderr.trim()}`);
}

/** Why a script of ours did not greet: what stood in its way on the far side. */
export function explainSilence(
  to: SshTarget,
  heard: Exclude<Heard, { kind: 'answer' }>,
  exit: SshExit,
): TransportError {
  const host = to.host ?? '';
  const target = targetText(to);
  const printed = inOneLine(heard.printed);
  const options = { cause: new Error(`${heard.printed}\n${exit.stderr}`) };
  if (heard.kind === 'noise')
    return new TransportError(
      'protocol',
      t(
        'The login shell of {0} prints something where only the data of libvirt may be: “{1}”',
        host,
        printed,
      ),
      t(
        'Let the files that it reads at its start (such as .bashrc, .cshrc or config.fish) print only in interactive shells: “ssh {0} true” must print nothing.',
        target,
      ),
      options,
    );
  if (heard.kind === 'late')
    return new TransportError(
      'timeout',
      printed === ''
        ? t('The login shell of {0} does not run any command', host)
        : t('The login shell of {0} does not run any command. It printed: “{1}”', host, printed),
      t('It may wait for an answer: “ssh {0} true” must end by itself.', target),
      options,
    );
  const ofSsh = known(to, exit, OF_SSH);
  if (ofSsh !== undefined) return ofSsh;
  const said = printed === '' ? inOneLine(exit.stderr) : printed;
  return new TransportError(
    'permission-denied',
    said === ''
      ? t('The account on {0} ended the session without running anything', host)
      : t('The account on {0} does not run commands. It answered: “{1}”', host, said),
    t(
      'It may have no login shell, have expired, or be allowed one program only. Make “ssh {0} true” work on that host (“sudo chsh -s /bin/bash USER” gives it a shell), or use another account.',
      target,
    ),
    options,
  );
}

/** The host has none of the programs that could reach the daemon, or a socket. */
export function explainNoHelper({ host = '' }: SshTarget, to: HostAddress | undefined): TransportError {
  if (to !== undefined)
    return new TransportError(
      'no-helper',
      t('{0} has no nc to reach {1} with', host, addressText(to)),
      t('Install netcat-openbsd on that host.'),
    );
  return new TransportError(
    'no-helper',
    t('{0} has no virt-ssh-helper and no nc', host),
    t('Install libvirt-daemon (for virt-ssh-helper) or netcat-openbsd on that host.'),
  );
}

/** Why a program that our script became has ended. `isMute`: not one byte came of it. */
export function explainProgramFailure(
  to: SshTarget,
  exit: SshExit,
  { answer, isMute }: { readonly answer: Answer; readonly isMute: boolean },
): TransportError {
  const found = known(to, exit, [...OF_SSH, ...OF_THE_DAEMON]);
  if (found !== undefined || !isMute || answer === 'files') return found ?? unknown(to, exit);
  const host = to.host ?? '';
  const said = inOneLine(exit.stderr);
  const program = answer === 'helper' ? 'virt-ssh-helper' : 'nc';
  return new TransportError(
    'no-helper',
    said === ''
      ? t('{0} on {1} ended without a message: it may have crashed', program, host)
      : t('{0} on {1} ended: {2}', program, host, said),
    netcatHint(),
    { cause: causeOf(exit) },
  );
}

const SHOWN_MAX = 200;

/** What a host prints, made fit for a sentence. */
function inOneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- that is the point
  const plain = text.replaceAll(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/gu, '');
  const line = plain.replaceAll(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > SHOWN_MAX ? `${line.slice(0, SHOWN_MAX)}…` : line;
}

/** Why something on a host was not reached, although the host was; undefined when it was and then hung up. */
export function explainDialFailure(
  login: SshTarget,
  to: HostAddress,
  exit: SshExit,
): TransportError | undefined {
  if (exit.exitCode === 0) return undefined;
  const host = login.host ?? '';
  const cause = causeOf(exit);
  if (/administratively prohibited/.test(exit.stderr))
    return new TransportError(
      'permission-denied',
      t('The ssh server of {0} does not forward connections to {1}', host, addressText(to)),
      t('Set “AllowTcpForwarding local” (or yes) in its sshd_config.'),
      { cause },
    );
  if (/Permission denied$/m.test(exit.stderr))
    return new TransportError(
      'permission-denied',
      t('No permission to use {0} on {1}', addressText(to), host),
      t('It belongs to the user that the guest runs as: connect as root or as that user.'),
      { cause },
    );
  if (/open failed|open refused by peer|No such file or directory|Connection refused/.test(exit.stderr))
    return new TransportError(
      'refused',
      t('Nothing listens at {0} on {1}', addressText(to), host),
      undefined,
      {
        cause,
      },
    );
  return explainSshFailure(login, exit);
}
