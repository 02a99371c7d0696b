import { t } from '@vscode/l10n';
import { TransportError } from './error.ts';
import { addressText, type HostAddress } from './dial.ts';
import { type FolderQuery, printFolderScript } from './read-folder.ts';
import { forAnyShell, shellWord } from './remote-shell.ts';
import type { Greeting } from './ssh-greeting.ts';
import { socketCandidates } from './socket-paths.ts';
import { type LibvirtUri, nameForDaemon } from './uri.ts';

/** Reaching the host, before anybody is asked anything. */
const CONNECT_TIMEOUT_S = 20;

/** The far end of an ssh connection: what may be shared by everything that goes to the same place. */
export interface SshLogin {
  readonly host: string;
  readonly user: string | undefined;
  /** The program, `ssh` unless the URI names another. */
  readonly program: string;
  /** The far side's nc, where the URI names another. */
  readonly netcat: string | undefined;
  /** How to get there, without what is done there. */
  readonly options: readonly string[];
  /** Whether the program knows the options of OpenSSH 8.7, see {@link knowsSessionOptions}. */
  readonly hasSessionOptions?: boolean;
}

/**
 * A person's config is made for their terminal: what it says of commands, forwards, terminals and the background would
 * keep a program from its bytes, or open ports that the person opens already.
 */
const FOR_A_PROGRAM = {
  RemoteCommand: 'none',
  ClearAllForwardings: 'yes',
  Tunnel: 'no',
  ForwardAgent: 'no',
  ForwardX11: 'no',
  // Why ssh ends is read from what it says, and nothing else.
  LogLevel: 'INFO',
};
/** The same for OpenSSH 8.7 and later. */
const NOT_DETACHED = { StdinNull: 'no', ForkAfterAuthentication: 'no' };

/** The part of a URI that says how to get to its host. @throws TransportError `bad-uri` without a host. */
export function sshLogin(uri: LibvirtUri): SshLogin {
  if (uri.host === undefined)
    throw new TransportError(
      'bad-uri',
      t('The URI names no host'),
      t('Example: qemu+ssh://user@host/system.'),
    );
  const { extras } = uri;
  const unverified = extras.get('no_verify') === '1';
  const knownHosts = extras.get('known_hosts');
  const keyfile = extras.get('keyfile');
  return {
    host: uri.host,
    user: uri.user,
    program: extras.get('command') ?? 'ssh',
    netcat: extras.get('netcat'),
    options: [
      ...(uri.port === undefined ? [] : ['-p', String(uri.port)]),
      ...(uri.user === undefined ? [] : ['-l', uri.user]),
      ...(keyfile === undefined ? [] : ['-i', keyfile]),
      ...(knownHosts === undefined ? [] : ['-o', `UserKnownHostsFile=${fileOption(knownHosts)}`]),
      ...(unverified ? ['-o', 'StrictHostKeyChecking=no'] : []),
    ],
  };
}

/** Two URIs with the same key share a connection. */
export function loginKey({ program, host, options }: SshLogin): string {
  return JSON.stringify([program, host, options]);
}

/**
 * The one connection to a host: it does nothing but carry the others, and says so on its standard output once
 * it is there. `--` and the check in parseUri keep a host name from being read as an option.
 */
export function masterArguments(
  { host, options, hasSessionOptions }: SshLogin,
  controlPath: string,
  mayAsk: boolean,
): readonly string[] {
  return [
    '-N',
    '-T',
    ...settings({
      ControlMaster: 'yes',
      ControlPath: fileOption(controlPath),
      ControlPersist: 'no',
      ConnectTimeout: String(CONNECT_TIMEOUT_S),
      ...FOR_A_PROGRAM,
      ...(hasSessionOptions === true ? NOT_DETACHED : {}),
      PermitLocalCommand: 'yes',
      // not for people: ssh runs it
      LocalCommand: 'echo ready',
      BatchMode: mayAsk ? 'no' : 'yes',
    }),
    ...options,
    '--',
    host,
  ];
}

/** Something that is run on the host over its one connection; it never asks anything itself. */
export function sessionArguments(login: SshLogin, controlPath: string, command: string): readonly string[] {
  return [...sharedArguments(login, controlPath), '--', login.host, command];
}

/** Reaches a port of the host over its one connection. The address was checked, so that it cannot be read as an option. */
export function dialArguments(
  login: SshLogin,
  controlPath: string,
  to: Exclude<HostAddress, { path: string }>,
): readonly string[] {
  return [...sharedArguments(login, controlPath), '-W', addressText(to), '--', login.host];
}

/** Prints the files of a folder of the far side, for {@link readPrinted}. */
export function folderCommand(query: FolderQuery, greeting: Greeting): string {
  return forAnyShell(`${greeting.say('files')}; ${printFolderScript(query)}`);
}

function sharedArguments({ options, hasSessionOptions }: SshLogin, controlPath: string): readonly string[] {
  const shared = {
    ControlMaster: 'no',
    ControlPath: fileOption(controlPath),
    BatchMode: 'yes',
    ...FOR_A_PROGRAM,
    PermitLocalCommand: 'no',
    ...(hasSessionOptions === true ? { ...NOT_DETACHED, SessionType: 'default' } : {}),
  };
  return ['-T', '-e', 'none', ...settings(shared), ...options];
}

/** Reaches a socket of the host with its nc: ssh learnt to reach sockets by itself only in 9.4. */
export function socketCommand({ netcat }: SshLogin, path: string, greeting: Greeting): string {
  return forAnyShell(`${netcatStep(netcat, path, greeting)}; ${giveUp(greeting)}`);
}

/** Connects to the daemon's socket on the far side. Every value from the URI is one word of the script. */
export function daemonCommand(uri: LibvirtUri, greeting: Greeting): string {
  const { extras } = uri;
  const proxy = extras.get('proxy') ?? 'auto';
  if (!['auto', 'native', 'netcat'].includes(proxy))
    throw new TransportError(
      'bad-uri',
      t('proxy={0} is not known', proxy),
      t('libvirt knows proxy=auto, proxy=native and proxy=netcat.'),
    );
  // The helper finds the socket itself, so a URI that names one means nc.
  const native = proxy === 'native' || (proxy === 'auto' && !extras.has('socket'));
  const script = [
    ...(native ? [helperStep(uri, greeting)] : []),
    ...(proxy === 'native'
      ? []
      : [netcatStep(extras.get('netcat'), extras.get('socket') ?? remoteSocket(uri), greeting)]),
    giveUp(greeting),
  ].join('; ');
  return forAnyShell(script);
}

// not for people: the shell reads it
function giveUp(greeting: Greeting): string {
  return `${greeting.say('none')}; exit 127`;
}

// not for people: the shell reads it
function helperStep(uri: LibvirtUri, greeting: Greeting): string {
  const readOnly = uri.extras.has('readonly') ? '-r ' : '';
  return `if command -v virt-ssh-helper >/dev/null 2>&1; then ${greeting.say('helper')}; exec virt-ssh-helper ${readOnly}${shellWord(nameForDaemon(uri))}; fi`;
}

/** Some netcats stay after the far end has closed unless they are told not to (-q), others do not know how. */
// not for people: the shell reads it
function netcatStep(program: string | undefined, path: string, greeting: Greeting): string {
  const netcat = shellWord(program ?? 'nc');
  const socket = shellWord(path);
  const quits = `if ${netcat} -q 2>&1 | grep 'requires an argument' >/dev/null 2>&1; then exec ${netcat} -q 0 -U ${socket}; fi`;
  return `if command -v ${netcat} >/dev/null 2>&1; then ${greeting.say('netcat')}; ${quits}; exec ${netcat} -U ${socket}; fi`;
}

/** Only for nc, on hosts too old for the helper: those run the monolithic daemon. */
function remoteSocket(uri: LibvirtUri): string {
  const extras = new Map([
    ['mode', 'legacy'],
    ...(uri.extras.has('readonly') ? ([['readonly', '']] as const) : []),
  ]);
  return socketCandidates({ ...uri, path: '/system', extras }).candidates[0] ?? '';
}

function settings(values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/** ssh splits such an option at spaces and fills in its % tokens. */
function fileOption(path: string): string {
  return `"${path.replaceAll('%', '%%').replaceAll('"', String.raw`\"`)}"`;
}
