import { randomBytes, timingSafeEqual } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Ask, Question } from './ask.ts';
import { shellWord } from './remote-shell.ts';

const MESSAGE_MAX = 64 * 1024;

/** Who asks on behalf of one ssh process. */
interface Login {
  readonly host: string;
  readonly ask: Ask;
  readonly signal: AbortSignal;
  /** What was asked already: the same question again means that the answer was wrong. */
  readonly asked: Set<string>;
}

/** Environment of an ssh process that is to ask here, and the end of that. */
export interface AskpassTicket {
  readonly environment: Readonly<Record<string, string>>;
  revoke(): void;
}

/**
 * Answers the questions of ssh processes that this process started. ssh runs a small program to ask. That
 * program reaches us over a socket in a folder that only this user can enter, and must show the random token
 * that its ssh was given. The token is worthless once that ssh is connected.
 */
export class AskpassServer {
  readonly #server: Server;
  readonly #folder: string;
  readonly #logins = new Map<string, Login>();

  private constructor(folder: string) {
    this.#folder = folder;
    this.#server = createServer((socket) => this.#serve(socket));
    this.#server.unref();
  }

  /** `folder` must be private (mode 700). `program` is what ssh runs to ask, built or as source. */
  static async start(folder: string, program: string): Promise<AskpassServer> {
    const server = new AskpassServer(folder);
    // ssh runs one path without arguments; under Electron the same binary is Node only when told so.
    // not for people: the shell reads it
    const script = `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${shellWord(process.execPath)} ${shellWord(program)} "$@"\n`;
    await writeFile(server.#script, script, { mode: 0o700 });
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(server.#socket, resolve);
    });
    return server;
  }

  get #socket(): string {
    return join(this.#folder, 'ask');
  }

  get #script(): string {
    return join(this.#folder, 'askpass');
  }

  /** Lets one ssh process ask. */
  issue(host: string, ask: Ask, signal: AbortSignal): AskpassTicket {
    const token = randomBytes(32).toString('hex');
    this.#logins.set(token, { host, ask, signal, asked: new Set() });
    return {
      environment: {
        SSH_ASKPASS: this.#script,
        SSH_ASKPASS_REQUIRE: 'force',
        // An ssh older than SSH_ASKPASS_REQUIRE asks only where there seems to be a display.
        DISPLAY: process.env['DISPLAY'] ?? ':0',
        KVM_ASKPASS_SOCKET: this.#socket,
        KVM_ASKPASS_TOKEN: token,
      },
      revoke: () => this.#logins.delete(token),
    };
  }

  /** Answers nobody any more. */
  close(): void {
    this.#server.close();
  }

  #serve(socket: Socket): void {
    const gone = new AbortController();
    let text = '';
    socket.setEncoding('utf8');
    socket.on('error', () => socket.destroy());
    socket.on('close', () => gone.abort());
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > MESSAGE_MAX) socket.destroy();
      else if (text.includes('\n')) void this.#reply(socket, text.slice(0, text.indexOf('\n')), gone.signal);
    });
  }

  async #reply(socket: Socket, line: string, gone: AbortSignal): Promise<void> {
    try {
      const request = parseRequest(line);
      const login = this.#find(request.token);
      if (login === undefined) {
        socket.destroy();
        return;
      }
      const question = questionOf(request, login);
      const answer = await login.ask(question, AbortSignal.any([gone, login.signal]));
      socket.end(answer === undefined ? '' : JSON.stringify({ answer }));
    } catch {
      // Whatever went wrong while asking, ssh must hear “no” rather than wait.
      socket.destroy();
    }
  }

  #find(token: string): Login | undefined {
    const given = Buffer.from(token);
    for (const [known, login] of this.#logins) {
      const expected = Buffer.from(known);
      if (given.length === expected.length && timingSafeEqual(given, expected)) return login;
    }
    return undefined;
  }
}

interface Request {
  readonly token: string;
  readonly prompt: string;
  /** What ssh says in SSH_ASKPASS_PROMPT. */
  readonly hint: string;
}

function parseRequest(line: string): Request {
  const { token, prompt, hint } = JSON.parse(line) as Partial<Record<string, unknown>>;
  if (typeof token !== 'string' || typeof prompt !== 'string') throw new TypeError('Not an askpass request');
  return { token, prompt, hint: typeof hint === 'string' ? hint : '' };
}

function questionOf({ prompt, hint }: Request, { host, asked }: Login): Question {
  const kind = kindOf(prompt, hint);
  const retry = asked.has(prompt);
  asked.add(prompt);
  // not for people: a key
  const key = /passphrase|password/iu.test(prompt) ? `ssh ${host} ${prompt}` : undefined;
  return { kind, host, prompt, retry, ...(key === undefined ? {} : { key }) };
}

function kindOf(prompt: string, hint: string): Question['kind'] {
  if (hint === 'none') return 'notice';
  if (hint === 'confirm' || prompt.includes('(yes/no')) return 'confirm';
  return 'secret';
}
