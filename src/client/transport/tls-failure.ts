import type { PeerCertificate } from 'node:tls';
import { t } from '@vscode/l10n';
import { TransportError } from './error.ts';
import { type Endpoint, endpointText, explainNetworkFailure } from './network-failure.ts';
import type { Credentials } from './pki.ts';

/** How far it got: this decides what an error, or a connection that just ends, means. */
export type Phase = 'connect' | 'handshake' | 'confirm';

/** What a failure to make a TLS connection is explained with. */
export interface TlsAttempt {
  readonly endpoint: Endpoint;
  readonly credentials: Credentials;
  readonly phase: Phase;
}

/** What Node adds to the error when the certificate is for another name. */
interface TlsError extends NodeJS.ErrnoException {
  readonly reason?: string;
  readonly cert?: PeerCertificate;
}

const UNKNOWN_ISSUER = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  // Another CA of the same name, such as one that was made anew.
  'CERT_SIGNATURE_FAILURE',
]);

/** Other reasons of OpenSSL and BoringSSL not to trust a certificate. */
const UNTRUSTED =
  /^(CERT_|CRL_|UNABLE_TO_|INVALID_|PATH_LENGTH_|AKID_|SUBJECT_ISSUER_|CA_|EE_|ERROR_IN_CERT|KEYUSAGE_|HOSTNAME_)/;

/** The server tells, by a TLS alert, that it does not like our certificate, or that there is none. */
const REJECTED = /ALERT_(BAD_|UNSUPPORTED_|NO_)?CERTIFICATE|ALERT_UNKNOWN_CA|ALERT_ACCESS_DENIED/;

/** Turns what TLS says, or its silence (`error` is undefined when the far end just hung up), into one sentence. */
export function explainTlsFailure(attempt: TlsAttempt, error: TlsError | undefined): TransportError {
  const { endpoint, phase } = attempt;
  const code = error?.code ?? '';
  if (phase === 'connect' && error !== undefined) return explainNetworkFailure(endpoint, error);
  if (phase === 'confirm' && (error === undefined || code === 'ECONNRESET' || code === 'EPIPE'))
    return rejected(attempt, error);
  if (REJECTED.test(code)) return rejected(attempt, error);
  if (error === undefined || code === 'ECONNRESET' || code === 'EPIPE' || isNotTls(code))
    return notTls(endpoint, error);
  return untrusted(attempt, error) ?? failed(endpoint, error);
}

/** Neither does the daemon say why: it checks our certificate and then hangs up, or goes on. */
function rejected({ endpoint, credentials }: TlsAttempt, cause: Error | undefined): TransportError {
  const { client, files } = credentials;
  if (client !== undefined)
    return new TransportError(
      'authentication',
      t('{0} did not accept our certificate {1}', endpoint.host, files.certificate),
      t(
        'It must be signed by the CA that the daemon trusts, and not be expired. Where tls_allowed_dn_list is set, its name must be on it. The daemon’s log has the reason.',
      ),
      { cause },
    );
  return new TransportError(
    'authentication',
    t('{0} wants a client certificate, and there is none', endpoint.host),
    t(
      'It belongs at {0}, with its key at {1}. How to make them: https://libvirt.org/kbase/tlscerts.html.',
      files.certificate,
      files.key,
    ),
    { cause },
  );
}

function isNotTls(code: string): boolean {
  return /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE|HTTP_REQUEST|UNKNOWN_PROTOCOL/.test(
    code,
  );
}

function notTls(endpoint: Endpoint, cause: Error | undefined): TransportError {
  return new TransportError(
    'protocol',
    t('The server at {0} does not speak TLS', endpointText(endpoint)),
    t('libvirt’s port for TLS is 16514; its port without TLS is 16509 (qemu+tcp://).'),
    { cause },
  );
}

function untrusted({ endpoint, credentials }: TlsAttempt, cause: TlsError): TransportError | undefined {
  const { host } = endpoint;
  const ca = credentials.files.ca;
  const code = cause.code ?? '';
  const refuse = (message: string, hint: string) =>
    new TransportError(
      'certificate',
      message,
      `${hint} ${t('To connect without checking who answers, for a first look only, add no_verify=1 to the URI.')}`,
      { cause },
    );
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return refuse(
      otherName(host, namesOf(cause.cert)),
      t('Write a name from the certificate in the URI, or have a certificate made for this name or address.'),
    );
  if (UNKNOWN_ISSUER.has(code))
    return refuse(
      t('The certificate of {0} is not signed by the CA in {1}', host, ca),
      t('Put the CA certificate of that host there, or find out who else answers under its name.'),
    );
  if (code === 'CERT_HAS_EXPIRED')
    return refuse(t('The certificate of {0} has expired', host), t('Have a new one made for that host.'));
  if (code === 'CERT_NOT_YET_VALID')
    return refuse(
      t('The certificate of {0} is not valid yet', host),
      t('Check the clocks of both machines.'),
    );
  if (code === 'CERT_REVOKED')
    return refuse(
      t('The certificate of {0} was revoked', host),
      t('{0} lists it: somebody else may have its key.', credentials.files.crl),
    );
  if (!UNTRUSTED.test(code)) return undefined;
  return refuse(
    t('The certificate of {0} cannot be trusted: {1}', host, cause.message),
    t('It was checked with {0}.', ca),
  );
}

function failed(endpoint: Endpoint, cause: TlsError): TransportError {
  return new TransportError(
    'protocol',
    t('The TLS handshake with {0} failed: {1}', endpointText(endpoint), cause.reason ?? cause.message),
    t('The two sides may have no version of TLS or no cipher in common.'),
    { cause },
  );
}

/** `DNS:one, IP Address:10.0.0.1` as a person reads it. */
function namesOf(certificate: PeerCertificate | undefined): string | undefined {
  const names = certificate?.subjectaltname?.replaceAll(/(DNS|IP Address):/g, '') ?? certificate?.subject.CN;
  return names === undefined ? undefined : String(names);
}

function otherName(host: string, names: string | undefined): string {
  return names === undefined
    ? t('The certificate of {0} is for another name', host)
    : t('The certificate of {0} is for another name: {1}', host, names);
}
