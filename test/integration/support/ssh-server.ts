import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { execa } from 'execa';
import { freePort } from '../../support/free-port.ts';

/**
 * sshd insists on this folder, at each connection; as a service it has it made at boot. It stays: servers of other
 * tests may be using it.
 */
const PRIVILEGE_SEPARATION = '/run/sshd';

export interface SshServerOptions {
  /** The only folder of programs for whoever logs in; without it, the usual ones. */
  readonly path?: string;
  /** What the server runs in place of what somebody asks for, which is in SSH_ORIGINAL_COMMAND. */
  readonly command?: string;
}

/** An sshd of a test's own on a loopback port, which knows one key, with files that clients need. */
export interface SshServer extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  readonly folder: string;
  /** A private key that it accepts, and one that it does not. */
  readonly key: string;
  readonly wrongKey: string;
  /** Holds its host key. */
  readonly knownHosts: string;
  /** How often somebody has logged in so far, by the server's own log. */
  authentications(): number;
  /** `extras` are added to those for the key and the host key, or replace them. */
  uri(extras?: Readonly<Record<string, string>>): string;
}

async function makeKey(path: string): Promise<string> {
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path]);
  return path;
}

function configuration(
  folder: string,
  port: number,
  {
    path,
    command = path === undefined ? undefined : `PATH="${path}"; export PATH; eval "$SSH_ORIGINAL_COMMAND"`,
  }: SshServerOptions,
): string {
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey "${folder}/host_key"`,
    `AuthorizedKeysFile "${folder}/authorized_keys"`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    ...(command === undefined ? [] : [`ForceCommand ${command}`]),
  ];
  return `${lines.join('\n')}\n`;
}

export async function startSshServer(options: SshServerOptions = {}): Promise<SshServer> {
  await using undo = new AsyncDisposableStack();
  // The private daemon of whoever runs the tests, who is also who logs in.
  const mode = process.getuid?.() === 0 ? 'system' : 'session';
  // A space, since the user's own folders may have one.
  const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench ssh-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  if (process.getuid?.() === 0) await mkdir(PRIVILEGE_SEPARATION, { recursive: true, mode: 0o755 });
  await chmod(folder, 0o755);
  const port = await freePort();
  const hostKey = await makeKey(join(folder, 'host_key'));
  const key = await makeKey(join(folder, 'key'));
  const wrongKey = await makeKey(join(folder, 'wrong_key'));
  const knownHosts = join(folder, 'known_hosts');
  await writeFile(join(folder, 'authorized_keys'), await readFile(`${key}.pub`));
  await writeFile(knownHosts, `[127.0.0.1]:${port} ${await readFile(`${hostKey}.pub`, 'utf8')}`);
  await writeFile(join(folder, 'sshd_config'), configuration(folder, port, options));

  const sshd = execa('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'sshd_config')], {
    stdin: 'ignore',
    reject: false,
  });
  undo.defer(async () => {
    sshd.kill();
    await sshd;
  });
  let authentications = 0;
  const lines = createInterface(sshd.stderr);
  lines.on('line', (line) => (authentications += line.startsWith('Accepted ') ? 1 : 0));
  await Promise.race([
    listening(lines),
    sshd.then(({ stderr }) => Promise.reject(new Error(`sshd ended: ${stderr}`))),
  ]);
  const resources = undo.move();
  return {
    pid: sshd.pid ?? 0,
    port,
    folder,
    key,
    wrongKey,
    knownHosts,
    authentications: () => authentications,
    uri: (extras = {}) => {
      const query = Object.entries({ keyfile: key, known_hosts: knownHosts, ...extras });
      const encoded = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
      return `qemu+ssh://${userInfo().username}@127.0.0.1:${port}/${mode}?${encoded}`;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function listening(lines: Interface): Promise<void> {
  return new Promise((resolve) => {
    lines.on('line', (line) => line.includes('Server listening') && resolve());
  });
}
