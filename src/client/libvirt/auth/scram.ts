import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { t } from '@vscode/l10n';

const deriveKey = promisify(pbkdf2);

/** RFC 7677's least. Fewer would let whoever poses as the daemon try passwords quickly. */
const ITERATIONS_MIN = 4096;
/** Some seconds of work: a daemon that asks for more only wants to keep us busy. */
const ITERATIONS_MAX = 5_000_000;
const NONCE_BYTES = 24;
/** No channel binding, no authorization name: the daemon is told so in the clear and again under the proof. */
const GS2_HEADER = 'n,,';

/** The daemon broke the exchange, or could not prove that it knows the password either. */
export class ScramError extends Error {
  override readonly name = 'ScramError';
}

export interface ScramLogin {
  /** The hash by its name in Node: `sha256` for SCRAM-SHA-256. */
  readonly hash: string;
  readonly user: string;
  readonly password: string;
}

/**
 * One exchange of SCRAM (RFC 5802) from the client's side: say, answer, check.
 *
 * User name and password are sent as they were typed, without the SASLprep that the RFC asks for: Cyrus SASL,
 * which is behind every libvirt daemon, neither prepares what it stores nor what it compares with. A password
 * with a ligature or a soft hyphen works with libvirt's own clients, and would be refused if it were prepared.
 */
export class ScramClient {
  readonly #login: ScramLogin;
  readonly #nonce: string;
  readonly #firstBare: string;
  #serverSignature: Buffer | undefined;

  /** `nonce` is random unless a test needs to know it. */
  constructor(login: ScramLogin, nonce = randomBytes(NONCE_BYTES).toString('base64')) {
    this.#login = login;
    this.#nonce = nonce;
    this.#firstBare = `n=${escapeName(login.user)},r=${nonce}`;
  }

  /** The client's first message. */
  first(): Buffer {
    return Buffer.from(GS2_HEADER + this.#firstBare);
  }

  /** Answers the daemon's challenge with a proof that we know the password. @throws ScramError */
  async final(challenge: Uint8Array): Promise<Buffer> {
    const serverFirst = textOf(challenge);
    const { nonce, salt, iterations } = this.#readChallenge(serverFirst);
    const { hash, password } = this.#login;
    const length = createHash(hash).digest().length;
    const saltedPassword = await deriveKey(Buffer.from(password), salt, iterations, length, hash);
    const withoutProof = `c=${Buffer.from(GS2_HEADER).toString('base64')},r=${nonce}`;
    const signed = `${this.#firstBare},${serverFirst},${withoutProof}`;
    // not for people: part of the protocol
    const clientKey = hmac(hash, saltedPassword, 'Client Key');
    const storedKey = createHash(hash).update(clientKey).digest();
    const signature = hmac(hash, storedKey, signed);
    const proof = clientKey.map((byte, index) => byte ^ (signature[index] ?? 0));
    // not for people: part of the protocol
    this.#serverSignature = hmac(hash, hmac(hash, saltedPassword, 'Server Key'), signed);
    return Buffer.from(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`);
  }

  /** Checks that the daemon knows the password, too. @throws ScramError */
  verify(outcome: Uint8Array): void {
    const fields = textOf(outcome).split(',');
    const refusal = valueOf(fields, 'e');
    if (refusal !== undefined) throw new ScramError(t('the daemon says {0}', printable(refusal)));
    const claimed = base64(valueOf(fields, 'v'), 'signature');
    const expected = this.#serverSignature;
    if (
      expected === undefined ||
      claimed.length !== expected.length ||
      !timingSafeEqual(Uint8Array.from(claimed), Uint8Array.from(expected))
    )
      throw new ScramError(t('the daemon could not prove that it knows the password'));
  }

  #readChallenge(text: string): { nonce: string; salt: Buffer; iterations: number } {
    const fields = text.split(',');
    const refusal = valueOf(fields, 'e');
    if (refusal !== undefined) throw new ScramError(t('the daemon says {0}', printable(refusal)));
    if (fields[0]?.startsWith('m=') === true)
      throw new ScramError(t('the daemon requires an unknown extension'));
    const [r, s, i] = fields;
    const nonce = valueOf([r ?? ''], 'r') ?? '';
    if (!nonce.startsWith(this.#nonce) || nonce.length === this.#nonce.length)
      throw new ScramError(t('the daemon’s answer is not to our request'));
    const salt = base64(valueOf([s ?? ''], 's'), 'salt');
    const count = valueOf([i ?? ''], 'i') ?? '';
    const iterations = /^[0-9]{1,9}$/.test(count) ? Number(count) : 0;
    if (iterations < ITERATIONS_MIN || iterations > ITERATIONS_MAX)
      throw new ScramError(
        t(
          'the daemon asks for {0} rounds, which is not between {1} and {2}',
          printable(count),
          ITERATIONS_MIN,
          ITERATIONS_MAX,
        ),
      );
    return { nonce, salt, iterations };
  }
}

/** `,` and `=` have a meaning of their own in SCRAM's messages. */
function escapeName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function valueOf(fields: readonly string[], key: string): string | undefined {
  return fields.find((field) => field.startsWith(`${key}=`))?.slice(2);
}

function base64(text: string | undefined, what: 'salt' | 'signature'): Buffer {
  if (text === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0)
    throw new ScramError(what === 'salt' ? t('the daemon sent no salt') : t('the daemon sent no signature'));
  return Buffer.from(text, 'base64');
}

function hmac(hash: string, key: Uint8Array, text: string): Buffer {
  return createHmac(hash, key).update(text).digest();
}

/** A few plain characters of what a daemon sent: it is going to be part of a message. */
function printable(text: string): string {
  return `“${text.replaceAll(/[^ -~]/g, '?').slice(0, 60)}”`;
}
