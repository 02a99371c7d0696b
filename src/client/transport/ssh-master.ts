import type { Socket } from 'node:net';
import { execa } from 'execa';
import type { Channel } from '../rpc/channel.ts';
import { abortReason } from '../rpc/error.ts';
import type { AskpassTicket } from './askpass.ts';
import type { HostAddress } from './dial.ts';
import {
  dialArguments,
  masterArguments,
  sessionArguments,
  socketCommand,
  type SshLogin,
} from './ssh-arguments.ts';
import {
  explainDialFailure,
  explainNoHelper,
  explainProgramFailure,
  explainSilence,
  explainSshFailure,
  type SshExit,
} from './ssh-failure.ts';
import { type Answer, type Greeting, hear, newGreeting } from './ssh-greeting.ts';

const STDERR_MAX = 16 * 1024;
/** How long an unused connection waits for somebody who needs it again. */
const LINGER_MS = 10_000;
/** How long a login shell may take until it runs a command. */
const GREETING_MS = 20_000;

type CommandFor = (greeting: Greeting) => string;

/**
 * The one authenticated connection to a host. Everything that goes there shares it; it ends some seconds after
 * the last one is gone.
 */
export class SshMaster {
  /** Settles when it is authenticated. @throws TransportError. */
  readonly ready: Promise<void>;
  /** Settles when the process is gone, for whatever reason. Never rejects. */
  readonly ended: Promise<void>;
  readonly #login: SshLogin;
  readonly #controlPath: string;
  readonly #process: ReturnType<typeof launch>;
  #users = 0;
  #linger: NodeJS.Timeout | undefined;

  constructor(login: SshLogin, controlPath: string, ticket: AskpassTicket | undefined) {
    this.#login = login;
    this.#controlPath = controlPath;
    const args = masterArguments(login, controlPath, ticket !== undefined);
    this.#process = launch(login, args, ticket);
    const process = this.#process;
    this.ready = new Promise((resolve, reject) => {
      process.child.stdout.once('data', () => resolve());
      void process.exit.then((exit) => reject(explainSshFailure(login, exit)));
    });
    this.ready.catch(() => undefined).finally(() => ticket?.revoke());
    this.ended = process.exit.then(() => undefined);
  }

  /** Keeps the connection for one more user, until the returned function is called. */
  use(): () => void {
    clearTimeout(this.#linger);
    this.#users++;
    let used = true;
    return () => {
      if (!used) return;
      used = false;
      this.#users--;
      if (this.#users > 0) return;
      this.#linger = setTimeout(() => this.close(), LINGER_MS);
      this.#linger.unref();
    };
  }

  /**
   * Runs a command on the host that greets; what follows the greeting is the channel. Its end is a loss.
   * @throws TransportError when something else comes than the greeting
   */
  async run(commandFor: CommandFor, signal: AbortSignal): Promise<Channel> {
    return this.#greeted(commandFor, signal, {
      to: undefined,
      explain: (exit, answer, isMute) => explainProgramFailure(this.#login, exit, { answer, isMute }),
    });
  }

  /** Reaches what listens on the host. When that ends, so does the channel, which is no loss. */
  async dial(to: HostAddress, signal: AbortSignal): Promise<Channel> {
    const { words } = this.#process;
    const before = words();
    if ('path' in to)
      return this.#greeted((greeting) => socketCommand(this.#login, to.path, greeting), signal, {
        to,
        explain: (exit) => explainDialFailure(this.#login, to, exit),
      });
    // Why the far side refused a port is told to the shared connection, not to the one who asked.
    const explain = (exit: SshExit) =>
      explainDialFailure(this.#login, to, {
        ...exit,
        stderr: `${exit.stderr}\n${words().replace(before, '')}`,
      });
    const session = this.#session(dialArguments(this.#login, this.#controlPath, to), signal);
    return session.channel(explain);
  }

  async #greeted(commandFor: CommandFor, signal: AbortSignal, { to, explain }: Greeted): Promise<Channel> {
    const greeting = newGreeting();
    const args = sessionArguments(this.#login, this.#controlPath, commandFor(greeting));
    const session = this.#session(args, signal);
    try {
      const { stdout } = session;
      const heard = await hear(stdout, greeting, { signal, timeoutMs: GREETING_MS });
      if (heard.kind !== 'answer') {
        if (heard.kind !== 'ended') session.close();
        throw explainSilence(this.#login, heard, await session.exit);
      }
      if (heard.answer === 'none') throw explainNoHelper(this.#login, to);
      const before = stdout.bytesRead - stdout.readableLength;
      return session.channel((exit) => explain(exit, heard.answer, stdout.bytesRead === before));
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** A process that rides on the connection. */
  #session(args: readonly string[], signal: AbortSignal) {
    const release = this.use();
    const { child, exit } = launch(this.#login, args, undefined);
    let asked = false;
    const close = () => {
      asked = true;
      child.kill();
    };
    void exit.then(release);
    if (signal.aborted) close();
    return {
      // The pipe of a process, which counts what came through it.
      stdout: child.stdout as Socket,
      exit,
      close,
      channel: (explain: (exit: SshExit) => Error | undefined): Channel => ({
        input: child.stdout,
        output: child.stdin,
        closed: exit.then((end) => (asked ? undefined : explain(end))),
        close,
      }),
    };
  }

  /** Ends the connection, and with it all that rides on it. */
  close(): void {
    clearTimeout(this.#linger);
    this.#process.child.kill();
  }
}

/** Waits for a master, but not longer than the one who wants it. */
export async function readyOrAborted(master: SshMaster, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(abortReason(signal));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([master.ready, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}

interface Greeted {
  /** What is to be reached; undefined for the daemon. */
  readonly to: HostAddress | undefined;
  readonly explain: (exit: SshExit, answer: Answer, isMute: boolean) => Error | undefined;
}

function launch(login: SshLogin, args: readonly string[], ticket: AskpassTicket | undefined) {
  let stderr = '';
  const child = execa(login.program, args, {
    buffer: false,
    reject: false,
    stdin: 'pipe',
    env: { ...ticket?.environment },
  });
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => (stderr = (stderr + text).slice(-STDERR_MAX)));
  // A write to a process that just ended: its exit says why.
  child.stdin.on('error', () => undefined);
  const exit = child.then(({ code, exitCode }): SshExit => ({ code, exitCode, stderr }));
  return { child, exit, words: () => stderr };
}
