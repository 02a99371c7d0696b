import { glob, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** A host that a person has a name for in their ssh config. */
export interface SshConfigHost {
  readonly name: string;
  /** Where it is and who logs in there, where the config says so. */
  readonly hostName: string | undefined;
  readonly user: string | undefined;
}

const MAX_HOSTS = 500;
const MAX_BYTES = 1024 * 1024;
/** As ssh has it. */
const MAX_DEPTH = 16;

/**
 * The hosts that the person's ssh config names, with the files that it includes, in their order. Patterns name no host.
 * A file that cannot be read has none.
 */
export async function sshConfigHosts(folder = join(homedir(), '.ssh')): Promise<readonly SshConfigHost[]> {
  const reading = new Reading(folder);
  await reading.read(join(folder, 'config'), 0);
  return reading.hosts;
}

class Reading {
  readonly #folder: string;
  readonly #hosts = new Map<string, { name: string; hostName?: string; user?: string }>();
  /** Those that the lines that follow are about. */
  #current: readonly string[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  get hosts(): readonly SshConfigHost[] {
    return [...this.#hosts.values()].map(({ name, hostName, user }) => ({ name, hostName, user }));
  }

  async read(path: string, depth: number): Promise<void> {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true || found.size > MAX_BYTES) return;
    const text = await readFile(path, 'utf8').catch(() => '');
    for (const line of text.split(/\r?\n/u)) await this.#line(line, depth);
  }

  async #line(line: string, depth: number): Promise<void> {
    const [, keyword = '', rest = ''] = /^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*?)\s*$/u.exec(line) ?? [];
    const words = [...rest.matchAll(/"([^"]*)"|(\S+)/gu)].map(
      ([, inQuotes, plain]) => inQuotes ?? plain ?? '',
    );
    const [first] = words;
    switch (keyword.toLowerCase()) {
      case 'host':
        this.#current = words.filter((word) => /^[^*?!]+$/u.test(word));
        for (const name of this.#current)
          if (this.#hosts.size < MAX_HOSTS && !this.#hosts.has(name)) this.#hosts.set(name, { name });
        return;
      case 'match':
        this.#current = [];
        return;
      case 'hostname':
        return this.#note((host) => (host.hostName ??= first));
      case 'user':
        return this.#note((host) => (host.user ??= first));
      case 'include':
        if (depth < MAX_DEPTH) for (const word of words) await this.#include(word, depth + 1);
        return;
      default:
    }
  }

  #note(add: (host: { hostName?: string | undefined; user?: string | undefined }) => void): void {
    for (const name of this.#current) {
      const host = this.#hosts.get(name);
      if (host !== undefined) add(host);
    }
  }

  async #include(pattern: string, depth: number): Promise<void> {
    const path = pattern.startsWith('~/') ? join(homedir(), pattern.slice(2)) : pattern;
    const before = this.#current;
    try {
      for await (const file of glob(isAbsolute(path) ? path : join(this.#folder, path)))
        await this.read(file, depth);
    } catch {
      // A pattern that nothing can be found by includes nothing.
    }
    this.#current = before;
  }
}
