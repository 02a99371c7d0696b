import { execa } from 'execa';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { join } from 'node:path';
import { out, root } from '../../scripts/lib/paths.ts';

const PATIENCE_MS = 30_000;

type Body = Record<string, unknown>;

/** What VS Code does with our debug adapter, without VS Code: the bundled one, in a process of its own. */
export class DapClient implements AsyncDisposable {
  readonly output: string[] = [];
  readonly #process: ReturnType<typeof launch>;
  readonly #waiting = new Map<number, (response: DebugProtocol.Response) => void>();
  readonly #events: DebugProtocol.Event[] = [];
  #wake: (() => void)[] = [];
  #seq = 0;
  readonly #patienceMs: number;
  #rest = Buffer.alloc(0);

  constructor(settings: Readonly<Record<string, unknown>>, patienceMs = PATIENCE_MS) {
    this.#patienceMs = patienceMs;
    this.#process = launch(settings);
    this.#process.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Rejects with the adapter's message when it says no. */
  async request(command: string, args: object = {}): Promise<Body> {
    const seq = ++this.#seq;
    const text = JSON.stringify({ seq, type: 'request', command, arguments: args });
    const answer = new Promise<DebugProtocol.Response>((resolve) => this.#waiting.set(seq, resolve));
    this.#process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    const response = await inTime(answer, `the answer to ${command}`, this.#patienceMs);
    if (!response.success) throw new Error(response.message);
    return (response.body ?? {}) as Body;
  }

  /** The next event of that name that nobody took yet. */
  async event(name: string, fits: (body: Body) => boolean = () => true): Promise<Body> {
    const look = async (): Promise<Body> => {
      for (;;) {
        const index = this.#events.findIndex(
          (each) => each.event === name && fits((each.body ?? {}) as Body),
        );
        if (index !== -1) return (this.#events.splice(index, 1)[0]?.body ?? {}) as Body;
        await new Promise<void>((resolve) => this.#wake.push(resolve));
      }
    };
    return inTime(look(), `the event ${name}; the console said:\n${this.output.join('')}`, this.#patienceMs);
  }

  /** As far as VS Code goes before the guest runs: attached, breakpoints set, configured. */
  async attach(
    breakpoints: {
      readonly file?: string;
      readonly lines?: readonly object[];
      readonly functions?: readonly object[];
    } = {},
  ): Promise<readonly DebugProtocol.Breakpoint[]> {
    await this.request('initialize', { adapterID: 'kvm', pathFormat: 'path', linesStartAt1: true });
    const attached = this.request('attach', {});
    const initialized = this.event('initialized');
    // A refusal is not waited for.
    await Promise.race([initialized, attached.then(() => initialized)]);
    const made =
      breakpoints.file === undefined
        ? []
        : await this.setBreakpoints(breakpoints.file, breakpoints.lines ?? []);
    if (breakpoints.functions !== undefined)
      await this.request('setFunctionBreakpoints', { breakpoints: breakpoints.functions });
    await this.request('configurationDone');
    await attached;
    return made;
  }

  /** All of a file: those that were there before are gone. */
  async setBreakpoints(path: string, lines: readonly object[]): Promise<readonly DebugProtocol.Breakpoint[]> {
    const { breakpoints } = await this.request('setBreakpoints', { source: { path }, breakpoints: lines });
    return breakpoints as DebugProtocol.Breakpoint[];
  }

  async stack(threadId = 1): Promise<readonly DebugProtocol.StackFrame[]> {
    const { stackFrames } = await this.request('stackTrace', { threadId });
    return stackFrames as DebugProtocol.StackFrame[];
  }

  /** An expression in the frame at the top. */
  async evaluate(expression: string): Promise<string> {
    const [top] = await this.stack();
    const { result } = await this.request('evaluate', { expression, frameId: top?.id, context: 'repl' });
    return String(result);
  }

  async disconnect(): Promise<void> {
    await this.request('disconnect');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#process;
  }

  /** Ends it as the crash of the editor does. */
  async kill(): Promise<void> {
    await this[Symbol.asyncDispose]();
  }

  #receive(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const header = /^Content-Length: (\d+)\r\n\r\n/.exec(this.#rest.toString('latin1', 0, 60));
      const start = header?.[0].length ?? 0;
      const end = start + Number(header?.[1]);
      if (header === null || this.#rest.length < end) return;
      this.#take(JSON.parse(this.#rest.toString('utf8', start, end)) as DebugProtocol.ProtocolMessage);
      this.#rest = this.#rest.subarray(end);
    }
  }

  #take(message: DebugProtocol.ProtocolMessage): void {
    if (message.type === 'response') {
      const response = message as DebugProtocol.Response;
      this.#waiting.get(response.request_seq)?.(response);
      this.#waiting.delete(response.request_seq);
      return;
    }
    const event = message as DebugProtocol.Event;
    const output = (event as DebugProtocol.OutputEvent).body as { output?: string } | undefined;
    if (event.event === 'output') this.output.push(output?.output ?? '');
    this.#events.push(event);
    for (const wake of this.#wake.splice(0)) wake();
  }
}

function launch(settings: Readonly<Record<string, unknown>>) {
  const program = join(root, 'dist', 'debug-adapter-main.js');
  return execa(process.execPath, [program, `--config-frozen=${JSON.stringify(settings)}`], {
    buffer: false,
    reject: false,
    stdin: 'pipe',
    stderr: 'inherit',
    env: { NODE_COMPILE_CACHE: join(out, 'compiled') },
  });
}

async function inTime<T>(promise: Promise<T>, what: string, patienceMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited in vain for ${what}`)), patienceMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
