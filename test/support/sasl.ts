import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** What a daemon with `SASL_CONF_PATH` set to `folder` knows: users with passwords, and how they may be shown. */
export class SaslUsers implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(mechanisms: string): Promise<SaslUsers> {
    const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-sasl-'));
    await chmod(folder, 0o755);
    const users = new SaslUsers(folder);
    await users.offer(mechanisms);
    return users;
  }

  /** From the daemon's next start on. */
  async offer(mechanisms: string): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeFile(
      join(this.folder, 'libvirt.conf'),
      `mech_list: ${mechanisms}\nsasldb_path: ${this.#database}\nauxprop_plugin: sasldb\npwcheck_method: auxprop\n`,
    );
  }

  async add(name: string, password: string): Promise<void> {
    await execa('saslpasswd2', ['-p', '-c', '-a', 'libvirt', '-f', this.#database, name], {
      input: password,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  get #database(): string {
    return join(this.folder, 'passwd.db');
  }
}
