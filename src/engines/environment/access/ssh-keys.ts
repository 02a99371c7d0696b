import { access, chmod, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { writeWhole } from '../../../model/files/replace-file.ts';
import { withTemporaryFolder } from '../../../model/files/temporary.ts';
import { oneWord } from '../../../model/text/line.ts';
import { withWorkspace } from './workspace-lock.ts';

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
    await this.#know(guest, [guest, type, key].map(oneWord).join(' '));
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

  /** Another guest or window may need the same key at the same time: the first makes it, and the others wait. */
  async #ensure(path: string, comment: string): Promise<string> {
    return withWorkspace(this.#folder, async () => {
      await chmod(this.#folder, 0o700);
      if (!(await exists(path)) || !(await exists(`${path}.pub`))) await makeKey(path, comment);
      return (await readFile(`${path}.pub`, 'utf8')).trim();
    });
  }

  async #know(guest: string, known: string | undefined): Promise<void> {
    await withWorkspace(this.#folder, async () => {
      const old = await readFile(this.knownHosts, 'utf8').catch(() => '');
      const others = old.split('\n').filter((each) => each !== '' && !each.startsWith(`${guest} `));
      const lines = known === undefined ? others : [...others, known];
      const text = lines.map((each) => `${each}\n`).join('');
      if (text !== old) await writeWhole(this.knownHosts, text, { mode: 0o600 });
    });
  }
}

/** Both halves, or none: a key that is there is whole, also when this process dies. The public one goes first. */
async function makeKey(path: string, comment: string): Promise<void> {
  await withTemporaryFolder(path, async (folder) => {
    const made = join(folder, 'key');
    const args = ['-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', made];
    await execa('ssh-keygen', args, { stdin: 'ignore' });
    await rename(`${made}.pub`, `${path}.pub`);
    await rename(made, path);
  });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
