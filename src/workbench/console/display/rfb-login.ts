import { t } from '@vscode/l10n';
import type { Channel } from '../../../client/rpc/channel.ts';
import { abortReason } from '../../../client/rpc/error.ts';
import { answerChallenge } from './vnc-password.ts';

/** Why a VNC server did not let us in. */
export class VncError extends Error {
  override readonly name = 'VncError';
  /** `password`: there is none, or it is wrong. */
  readonly code: 'protocol' | 'password' | 'security' | 'refused';

  constructor(code: VncError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

const VERSION_BYTES = 12;
const REASON_MAX = 4096;
const Security = { NONE: 1, VNC: 2 } as const;
const CHALLENGE_BYTES = 16;

/**
 * Talks to a VNC server up to where the client would say ClientInit (RFC 6143, 7.1), so that passwords need not
 * leave the extension host. What comes afterwards is still in the channel's input.
 * @throws VncError
 */
export async function logIn(
  channel: Channel,
  password: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const server = new Reader(channel, signal);
  const version = versionOf(await server.take(VERSION_BYTES));
  // not for people: the protocol’s greeting
  channel.output.write(`RFB 003.00${version}\n`);
  const type = version === 3 ? await server.u32() : await chooseSecurity(server, channel, password);
  if (version === 3) checkSecurity(type, [type], password);
  if (type === Security.VNC) {
    const challenge = await server.take(CHALLENGE_BYTES);
    channel.output.write(answerChallenge(challenge, password ?? ''));
  }
  // Before 3.8 nothing is said where nothing was asked.
  if (type === Security.NONE && version < 8) return;
  if ((await server.u32()) === 0) return;
  throw new VncError(
    'password',
    version === 8
      ? t('The display refused the password: {0}', await server.reason())
      : t('The display refused the password'),
  );
}

/** The highest that both know, of 3.3, 3.7 and 3.8: others are to be taken for the one below them. */
function versionOf(greeting: Buffer): 3 | 7 | 8 {
  const match = /^RFB (\d{3})\.(\d{3})\n$/u.exec(greeting.toString('latin1'));
  if (match === null) throw new VncError('protocol', t('The display’s server does not speak VNC'));
  const number = Number(match[1]) * 1000 + Number(match[2]);
  if (number >= 3008) return 8;
  return number === 3007 ? 7 : 3;
}

async function chooseSecurity(
  server: Reader,
  channel: Channel,
  password: string | undefined,
): Promise<number> {
  const [count = 0] = await server.take(1);
  if (count === 0)
    throw new VncError('refused', t('The display refused the connection: {0}', await server.reason()));
  const offered = [...(await server.take(count))];
  const type = offered.includes(Security.NONE) ? Security.NONE : Security.VNC;
  checkSecurity(type, offered, password);
  channel.output.write(Uint8Array.of(type));
  return type;
}

function checkSecurity(type: number, offered: readonly number[], password: string | undefined): void {
  if (!offered.includes(type) || (type !== Security.NONE && type !== Security.VNC))
    throw new VncError(
      'security',
      t(
        'The display only accepts a kind of login that is not supported here, such as TLS or SASL (type {0})',
        offered.join(', '),
      ),
    );
  if (type === Security.VNC && password === undefined)
    throw new VncError('password', t('The display asks for a password, and the domain’s XML has none'));
}

class Reader {
  readonly #channel: Channel;
  readonly #signal: AbortSignal;

  constructor(channel: Channel, signal: AbortSignal) {
    this.#channel = channel;
    this.#signal = signal;
  }

  async u32(): Promise<number> {
    return (await this.take(4)).readUInt32BE();
  }

  async reason(): Promise<string> {
    const length = await this.u32();
    if (length > REASON_MAX)
      throw new VncError('protocol', t('The display refused the connection with an endless reason'));
    return (await this.take(length)).toString('utf8');
  }

  async take(count: number): Promise<Buffer> {
    if (count === 0) return Buffer.alloc(0);
    for (;;) {
      this.#signal.throwIfAborted();
      const bytes: unknown = this.#channel.input.read(count);
      if (Buffer.isBuffer(bytes)) {
        if (bytes.length === count) return bytes;
        throw new VncError('protocol', t('The display hung up in the middle of its greeting'));
      }
      await this.#more();
    }
  }

  #more(): Promise<void> {
    const { input, closed } = this.#channel;
    return new Promise((resolve, reject) => {
      const done = (finish: () => void) => () => {
        input.off('readable', readable);
        input.off('end', ended);
        this.#signal.removeEventListener('abort', aborted);
        finish();
      };
      const readable = done(resolve);
      const ended = done(() => {
        void closed.then((reason) =>
          reject(reason ?? new VncError('protocol', t('The display hung up before its greeting'))),
        );
      });
      const aborted = done(() => reject(abortReason(this.#signal)));
      input.on('readable', readable);
      input.on('end', ended);
      this.#signal.addEventListener('abort', aborted);
      if (input.readableEnded || input.destroyed) ended();
    });
  }
}
