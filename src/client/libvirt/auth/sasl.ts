import { t } from '@vscode/l10n';
import type { CallOptions, RpcConnection } from '../../rpc/connection.ts';
import * as procedures from '../../rpc/procedures/sasl.ts';
import { TransportError } from '../../transport/error.ts';
import type { Attempt } from '../../transport/ask.ts';
import { isSet, type LibvirtUri, transportOf } from '../../transport/uri.ts';
import { ErrorCode, isLibvirtError } from '../error.ts';
import { type Credentials, findCredentials } from './sasl-credentials.ts';
import { ScramClient, ScramError } from './scram.ts';

interface Mechanism {
  readonly name: string;
  /** For SCRAM, the hash by its name in Node. PLAIN has none: it hands the password over. */
  readonly hash: string | undefined;
}

/** The strongest first. */
const MECHANISMS: readonly Mechanism[] = [
  { name: 'SCRAM-SHA-512', hash: 'sha512' },
  { name: 'SCRAM-SHA-256', hash: 'sha256' },
  { name: 'SCRAM-SHA-1', hash: 'sha1' },
  { name: 'PLAIN', hash: undefined },
];

/** How often a person may mistype. */
const TRIES_MAX = 3;
const ANSWER_TIMEOUT_MS = 30_000;

/** A finished exchange that ends with the daemon's refusal can be begun again on the same connection. */
export async function authenticateSasl(
  rpc: RpcConnection,
  uri: LibvirtUri,
  mechanismWanted: string | undefined,
  attempt: Attempt,
): Promise<void> {
  const host = uri.host ?? 'localhost';
  if (transportOf(uri) === 'tcp') throw needsEncryption(host);
  const patience = { signal: attempt.signal, timeoutMs: ANSWER_TIMEOUT_MS };
  let wrong: Credentials | undefined;
  for (let tries = 1; ; tries++) {
    const { mechanisms } = await initialise(rpc, host, patience);
    const mechanism = choose(mechanisms, mechanismWanted, uri);
    const credentials = await findCredentials(uri, attempt, wrong);
    wrong = credentials;
    try {
      return await exchange(rpc, mechanism, credentials, patience);
    } catch (cause) {
      if (cause instanceof ScramError) throw untrustworthy(host, cause);
      if (!isLibvirtError(cause, ErrorCode.AUTH_FAILED)) throw cause;
      if (credentials.path !== undefined || tries >= TRIES_MAX) throw refused(host, credentials, cause);
    }
  }
}

async function initialise(
  rpc: RpcConnection,
  host: string,
  patience: CallOptions,
): Promise<{ readonly mechanisms: string }> {
  try {
    return await rpc.call(procedures.authSaslInit, undefined, patience);
  } catch (cause) {
    if (!isLibvirtError(cause, ErrorCode.AUTH_FAILED)) throw cause;
    throw new TransportError(
      'authentication',
      t('The libvirt daemon on {0} requires SASL but offers no mechanism', host),
      serverHint(),
      { cause },
    );
  }
}

function serverHint(): string {
  return t(
    'On that host, install libsasl2-modules, write “mech_list: scram-sha-256” to /etc/sasl2/libvirt.conf, and run “saslpasswd2 -a libvirt USER” for each user.',
  );
}

function choose(offered: string, wanted: string | undefined, uri: LibvirtUri): Mechanism {
  const names = new Set(offered.split(',').map((name) => name.trim().toUpperCase()));
  const host = uri.host ?? 'localhost';
  const best = MECHANISMS.find(
    ({ name }) => names.has(name) && (wanted === undefined || wanted.toUpperCase() === name),
  );
  if (best === undefined)
    throw new TransportError(
      'authentication',
      wanted === undefined
        ? t('The libvirt daemon on {0} offers only {1}, which is not supported', host, printable(offered))
        : t(
            'The libvirt daemon on {0} offers {1}, but the URI asks for {2}',
            host,
            printable(offered),
            wanted,
          ),
      `${t('Supported mechanisms: {0}.', MECHANISMS.map(({ name }) => name).join(', '))} ${serverHint()}`,
    );
  if (best.hash === undefined && transportOf(uri) === 'tls' && isSet(uri, 'no_verify'))
    throw new TransportError(
      'authentication',
      t('Whoever answers as {0} would get the password: it offers only PLAIN, and no_verify is set', host),
      t('Remove no_verify from the URI, or let the host offer scram-sha-256.'),
    );
  return best;
}

async function exchange(
  rpc: RpcConnection,
  { name, hash }: Mechanism,
  { user, password }: Credentials,
  patience: CallOptions,
): Promise<void> {
  if (hash === undefined) {
    const data = Buffer.from(`\0${user}\0${password}`);
    const { complete } = await rpc.call(
      procedures.authSaslStart,
      { mechanism: name, nil: false, data },
      patience,
    );
    if (!complete) throw new ScramError(t('the daemon asks for more than PLAIN offers'));
    return;
  }
  const client = new ScramClient({ hash, user, password });
  const challenge = await rpc.call(
    procedures.authSaslStart,
    { mechanism: name, nil: false, data: client.first() },
    patience,
  );
  if (challenge.complete) throw new ScramError(t('the daemon did not ask for the password'));
  const proof = await client.final(challenge.data);
  const outcome = await rpc.call(procedures.authSaslStep, { nil: false, data: proof }, patience);
  // Whatever it says, it has to prove that it knows the password.
  client.verify(outcome.data);
  if (outcome.complete) return;
  const end = await rpc.call(procedures.authSaslStep, { nil: true, data: Buffer.alloc(0) }, patience);
  if (!end.complete) throw new ScramError(t('the daemon does not finish'));
}

function needsEncryption(host: string): TransportError {
  return new TransportError(
    'unsupported',
    t(
      'The libvirt daemon on {0} requires SASL over plain tcp. Only Kerberos encrypts such a connection, and it is not supported',
      host,
    ),
    t('Use TLS (qemu+tls://) or ssh (qemu+ssh://) for this host.'),
  );
}

function untrustworthy(host: string, cause: ScramError): TransportError {
  return new TransportError(
    'authentication',
    t('The SASL exchange with {0} failed: {1}', host, cause.message),
    t('Another machine may be answering in its place. Check the host name, and with tls its certificate.'),
    { cause },
  );
}

function refused(host: string, { path }: Credentials, cause: Error): TransportError {
  return new TransportError(
    'authentication',
    t('The libvirt daemon on {0} did not accept the user name and the password', host),
    path === undefined
      ? t(
          'Check both. On that host, “saslpasswd2 -a libvirt USER” sets a password; sasl_allowed_username_list limits who may connect.',
        )
      : t('Correct them in {0}, where they come from.', path),
    { cause },
  );
}

/** What a daemon sent is going to be part of a message. */
function printable(text: string): string {
  const plain = text.replaceAll(/[^ -~]/g, '?').slice(0, 100);
  return plain === '' ? t('nothing') : plain;
}
