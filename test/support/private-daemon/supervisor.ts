import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { execa } from 'execa';

/** The process that owns a private daemon; it and all it started end when our end of its input closes. */
export interface Supervisor {
  start(): Promise<void>;
  /** Resolves when the daemon is gone. Its guests run on. */
  stop(signal: NodeJS.Signals): Promise<void>;
  /** The status of a daemon that ended by itself, as a shell has it: above 128 a signal. Undefined while it runs. */
  fate(): Promise<number | undefined>;
  dispose(): Promise<void>;
}

export interface Isolation {
  readonly folder: string;
  readonly mode: 'system' | 'session';
  readonly privateNetwork: boolean;
  readonly daemonOptions: readonly string[];
  readonly env: Record<string, string>;
}

const script = join(import.meta.dirname, 'supervise.sh');
const processNamespace = ['--pid', '--fork', '--kill-child', '--mount-proc'];

async function namespaces({ mode, privateNetwork }: Isolation): Promise<string[]> {
  if (mode === 'system') {
    return ['--mount', ...processNamespace, ...(privateNetwork ? ['--net'] : [])];
  }
  // Not every machine lets a user make namespaces; the supervisor then ends guests by their pid files.
  const arguments_ = ['--user', '--map-current-user', ...processNamespace];
  const trial = await execa('unshare', [...arguments_, 'true'], { reject: false });
  return trial.failed ? [] : arguments_;
}

export async function startSupervisor(isolation: Isolation): Promise<Supervisor> {
  const { folder, mode, daemonOptions, env } = isolation;
  const unshare = await namespaces(isolation);
  const child = execa('unshare', [...unshare, script, folder, mode, ...daemonOptions], {
    env,
    // A Ctrl-C in the terminal is for the tests, which then dispose of this in their own order.
    detached: true,
    stdin: 'pipe',
    cleanup: false,
    reject: false,
  });
  const answers = createInterface(child.stdout);

  async function order(line: string): Promise<string> {
    const answered = once(answers, 'line').then(([answer]) => String(answer));
    child.stdin.write(`${line}\n`);
    const ended = child.then(({ message, stderr }): never => {
      throw new Error(`The private daemon's supervisor ended: ${stderr || message}`);
    });
    return Promise.race([answered, ended]);
  }

  return {
    start: async () => void (await order('start')),
    stop: async (signal) => void (await order(`stop ${signal}`)),
    async fate() {
      const answer = await order('fate');
      return answer === 'running' ? undefined : Number(answer);
    },
    async dispose() {
      child.stdin.end();
      await child;
    },
  };
}
