import { execa } from 'execa';
import type { Channel } from '../rpc/channel.ts';
import { abortReason } from '../rpc/error.ts';
import type { AskpassTicket } from './askpass.ts';
import type { HostAddress } from './dial.ts';
import { dialArguments, masterArguments, sessionArguments, type SshLogin } from './ssh-arguments.ts';
import { explainDialFailure, explainSshFailure, type SshExit } from './ssh-failure.ts';

const STDERR_MAX = 16 * 1024;
/** How long an unused connection waits for somebody who needs it again. */
const LINGER_MS = 10_000;

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
    this.#process = launch(login, args, ticket, (exit) => explainSshFailure(login, exit));
    const process = this.#process;
    this.ready = new Promise((resolve, reject) => {
      process.child.stdout.once('data', () => resolve());
      void process.exit.then((error) => reject(error));
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

  /** Runs a command on the host; its standard input and output are the channel. Its end is a loss. */
  run(command: string, signal: AbortSignal): Channel {
    const args = sessionArguments(this.#login, this.#controlPath, command);
    return this.#channel(args, (exit) => explainSshFailure(this.#login, exit), signal);
  }

  /** Reaches what listens on the host. When that ends, so does the channel, which is no loss. */
  dial(to: HostAddress, signal: AbortSignal): Channel {
    const args = dialArguments(this.#login, this.#controlPath, to);
    const { words } = this.#process;
    const before = words();
    // Why the far side refused a port is told to the shared connection, not to the one who asked.
    const explain = (exit: SshExit) =>
      explainDialFailure(this.#login, to, {
        ...exit,
        stderr: `${exit.stderr}\n${words().replace(before, '')}`,
      });
    return this.#channel(args, explain, signal);
  }

  #channel(args: readonly string[], explain: Explain, signal: AbortSignal): Channel {
    const release = this.use();
    const { child, exit } = launch(this.#login, args, undefined, explain);
    let asked = false;
    const close = () => {
      asked = true;
      child.kill();
    };
    if (signal.aborted) close();
    return {
      input: child.stdout,
      output: child.stdin,
      closed: exit.then((error) => {
        release();
        return asked ? undefined : error;
      }),
      close,
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

type Explain = (exit: SshExit) => Error | undefined;

function launch(
  login: SshLogin,
  args: readonly string[],
  ticket: AskpassTicket | undefined,
  explain: Explain,
) {
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
  const exit = child.then(({ code, exitCode }) => explain({ code, exitCode, stderr }));
  return { child, exit, words: () => stderr };
}
