import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Channel } from '../rpc/channel.ts';
import { type Ask, askNobody, type Attempt } from './ask.ts';
import { AskpassServer } from './askpass.ts';
import type { HostAddress } from './dial.ts';
import { type FolderFiles, type FolderQuery, readPrinted } from './read-folder.ts';
import { daemonCommand, folderCommand, loginKey, sshLogin } from './ssh-arguments.ts';
import { readyOrAborted, SshMaster } from './ssh-master.ts';
import { knowsSessionOptions } from './ssh-version.ts';
import type { LibvirtUri } from './uri.ts';

const ASKPASS_PROGRAM = fileURLToPath(new URL('askpass-main.ts', import.meta.url));

interface Desk {
  readonly folder: string;
  readonly askpass: AskpassServer;
}

/**
 * The user's own ssh, so that their config, agent, jump hosts and keys work. Each host is connected to once:
 * whoever comes later rides on that connection, so a person authenticates once.
 */
export class SshHosts {
  readonly #askpassProgram: string;
  readonly #masters = new Map<string, SshMaster>();
  readonly #versions = new Map<string, Promise<boolean>>();
  #desk: Promise<Desk> | undefined;
  #count = 0;

  /** `askpassProgram` is askpass-main: as source beside this file, or where a bundle has put it. */
  constructor(askpassProgram = ASKPASS_PROGRAM) {
    this.#askpassProgram = askpassProgram;
  }

  /** Opens a channel to the host's libvirt daemon. @throws TransportError with what to do next. */
  async openDaemon(uri: LibvirtUri, attempt: Attempt): Promise<Channel> {
    return this.#over(uri, attempt, (master) =>
      master.run((greeting) => daemonCommand(uri, greeting), attempt.signal),
    );
  }

  /** Reaches what listens on the host. @throws TransportError; what fails later is told when it is `closed`. */
  async dial(uri: LibvirtUri, to: HostAddress, attempt: Attempt): Promise<Channel> {
    return this.#over(uri, attempt, (master) => master.dial(to, attempt.signal));
  }

  /** Reads files of a folder of the host. @throws TransportError. */
  async readFolder(uri: LibvirtUri, query: FolderQuery, attempt: Attempt): Promise<FolderFiles> {
    const channel = await this.#over(uri, attempt, (master) =>
      master.run((greeting) => folderCommand(query, greeting), attempt.signal),
    );
    return readPrinted(channel, query, attempt.signal);
  }

  /** Ends every connection; their channels end with them. */
  async dispose(): Promise<void> {
    const masters = [...this.#masters.values()];
    for (const master of masters) master.close();
    await Promise.all(masters.map(({ ended }) => ended));
    const desk = await this.#desk;
    this.#desk = undefined;
    desk?.askpass.close();
    if (desk !== undefined) await rm(desk.folder, { recursive: true, force: true });
  }

  async #over(
    uri: LibvirtUri,
    { signal, ask }: Attempt,
    open: (master: SshMaster) => Promise<Channel>,
  ): Promise<Channel> {
    const master = await this.#master(uri, ask);
    const release = master.use();
    try {
      await readyOrAborted(master, signal);
      return await open(master);
    } finally {
      release();
    }
  }

  async #master(uri: LibvirtUri, ask: Ask): Promise<SshMaster> {
    const login = sshLogin(uri);
    const key = loginKey(login);
    const known = this.#masters.get(key);
    if (known !== undefined) return known;
    const { folder, askpass } = await (this.#desk ??= setUp(this.#askpassProgram));
    const hasSessionOptions = await this.#hasSessionOptions(login.program);
    const meanwhile = this.#masters.get(key);
    if (meanwhile !== undefined) return meanwhile;
    const controlPath = join(folder, String(this.#count++));
    const gone = new AbortController();
    const ticket = ask === askNobody ? undefined : askpass.issue(login.host, ask, gone.signal);
    const master = new SshMaster({ ...login, hasSessionOptions }, controlPath, ticket);
    this.#masters.set(key, master);
    void master.ended.then(() => {
      this.#masters.delete(key);
      gone.abort();
    });
    return master;
  }

  /** Asked once of each program. */
  async #hasSessionOptions(program: string): Promise<boolean> {
    const asked = this.#versions.get(program) ?? knowsSessionOptions(program);
    this.#versions.set(program, asked);
    return asked;
  }
}

/** A folder of our own: short, since a socket's path may not be long, and closed to everybody else. */
async function setUp(askpassProgram: string): Promise<Desk> {
  const folder = await mkdtemp(join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), 'kvm-'));
  return { folder, askpass: await AskpassServer.start(folder, askpassProgram) };
}
