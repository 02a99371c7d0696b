import { access, chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/**
 * The keys of one workspace, in a private folder: one that logs in to its guests, and a host key for each guest. Host
 * keys are created here and given to the guests, so that nobody is asked whether a key is the right one.
 */
export class SshKeys {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The private key that logs in. */
  get identity(): string {
    return join(this.#folder, 'id_ed25519');
  }

  get knownHosts(): string {
    return join(this.#folder, 'known_hosts');
  }

  /** Makes the key unless it is there. Returns its public half. */
  async ensureIdentity(): Promise<string> {
    return this.#ensure(this.identity, 'kvm-workbench');
  }

  /** Makes the guest's host key unless it is there, and notes it as known under the guest's name. */
  async ensureHostKey(guest: string): Promise<{ readonly privateKey: string; readonly publicKey: string }> {
    const path = this.#hostKey(guest);
    const publicKey = await this.#ensure(path, guest);
    const [type = '', key = ''] = publicKey.split(' ');
    await this.#know(guest, `${guest} ${type} ${key}`);
    return { privateKey: await readFile(path, 'utf8'), publicKey };
  }

  /** Forgets the guest's host key: a guest that is created anew gets another. */
  async forget(guest: string): Promise<void> {
    await rm(this.#hostKey(guest), { force: true });
    await rm(`${this.#hostKey(guest)}.pub`, { force: true });
    await this.#know(guest, undefined);
  }

  #hostKey(guest: string): string {
    return join(this.#folder, `${guest}.host`);
  }

  async #ensure(path: string, comment: string): Promise<string> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await chmod(this.#folder, 0o700);
    if (!(await exists(`${path}.pub`))) {
      // A key without its other half is of no use; ssh-keygen would ask before it replaces it.
      await rm(path, { force: true });
      await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path], {
        stdin: 'ignore',
      });
    }
    return (await readFile(`${path}.pub`, 'utf8')).trim();
  }

  async #know(guest: string, line: string | undefined): Promise<void> {
    const old = await readFile(this.knownHosts, 'utf8').catch(() => '');
    const others = old.split('\n').filter((each) => each !== '' && !each.startsWith(`${guest} `));
    const lines = line === undefined ? others : [...others, line];
    const text = lines.map((each) => `${each}\n`).join('');
    if (text !== old) await writeFile(this.knownHosts, text, { mode: 0o600 });
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
