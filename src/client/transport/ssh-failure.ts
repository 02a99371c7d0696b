import { t } from '@vscode/l10n';
import { addressText, type HostAddress } from './dial.ts';
import { TransportError, type TransportErrorCode } from './error.ts';

/** What our own remote script says when the far side lacks what is needed. */
// not for people: we look for it in what ssh writes
export const NO_HELPER = 'kvm-workbench: no virt-ssh-helper and no nc';
// not for people: the same
export const NO_NETCAT = 'kvm-workbench: no nc';

interface Symptom {
  readonly pattern: RegExp;
  readonly code: TransportErrorCode;
  readonly message: (host: string) => string;
  readonly hint: (target: string) => string;
}

/** What ssh and the far side write when it goes wrong. OpenSSH's own messages are never translated. */
const SYMPTOMS: readonly Symptom[] = [
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
  {
    pattern: new RegExp(NO_HELPER),
    code: 'no-helper',
    message: (host) => t('{0} has no virt-ssh-helper and no nc', host),
    hint: () => t('Install libvirt-daemon (for virt-ssh-helper) or netcat-openbsd on that host.'),
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
  if (exit.code === 'ENOENT')
    return new TransportError('no-program', t('ssh was not found'), t('Install the OpenSSH client.'));
  const host = to.host ?? '';
  const target = to.user === undefined ? host : `${to.user}@${host}`;
  const words = exit.stderr.trim();
  // not for people: it is for the log
  const cause = new Error(`ssh ended with ${exit.exitCode ?? 'a signal'}: ${words}`);
  const symptom = SYMPTOMS.find(({ pattern }) => pattern.test(words));
  if (symptom !== undefined)
    return new TransportError(symptom.code, symptom.message(host), symptom.hint(target), { cause });
  const lastLine = words.split('\n').at(-1) ?? '';
  return new TransportError(
    'lost',
    lastLine === ''
      ? t('The ssh connection to {0} ended', host)
      : t('The ssh connection to {0} ended: {1}', host, lastLine),
    t('Try “ssh {0}” in a terminal.', target),
    { cause },
  );
}

/** Why something on a host was not reached, although the host was; undefined when it was and then hung up. */
export function explainDialFailure(
  login: SshTarget,
  to: HostAddress,
  exit: SshExit,
): TransportError | undefined {
  if (exit.exitCode === 0) return undefined;
  const host = login.host ?? '';
  // not for people: it is for the log
  const cause = new Error(`ssh ended with ${exit.exitCode ?? 'a signal'}: ${exit.stderr.trim()}`);
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
  if (exit.stderr.includes(NO_NETCAT))
    return new TransportError(
      'no-helper',
      t('{0} has no nc to reach {1} with', host, addressText(to)),
      t('Install netcat-openbsd on that host.'),
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
