import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { explainTlsFailure, type Phase } from '../../../../src/client/transport/tls-failure.ts';

suite('What TLS says when it fails', () => {
  const credentials = {
    ca: '',
    crl: undefined,
    client: undefined,
    files: { ca: '/pki/ca', crl: '/pki/crl', certificate: '/pki/cert', key: '/pki/key' },
  };
  const endpoint = { host: 'far.example', port: 16514, kind: 'tls' } as const;

  function explain(phase: Phase, code: string | undefined, client = false) {
    const own = client ? { certificate: '', key: '' } : undefined;
    const error = code === undefined ? undefined : Object.assign(new Error('its words'), { code });
    return explainTlsFailure({ endpoint, phase, credentials: { ...credentials, client: own } }, error);
  }

  const cases: readonly (readonly [Phase, string | undefined, string, RegExp])[] = [
    ['connect', 'ECONNREFUSED', 'refused', /^far.example:16514 refused/],
    ['connect', 'ENOTFOUND', 'unknown-host', /far.example is not known/],
    ['connect', 'EAI_AGAIN', 'unknown-host', /far.example is not known/],
    ['connect', 'ETIMEDOUT', 'timeout', /does not answer/],
    ['connect', 'EHOSTUNREACH', 'timeout', /does not answer/],
    ['connect', 'ENETUNREACH', 'timeout', /does not answer/],
    ['connect', 'EPERM', 'lost', /its words/],
    ['handshake', 'ECONNRESET', 'protocol', /does not speak TLS/],
    ['handshake', undefined, 'protocol', /does not speak TLS/],
    ['handshake', 'ERR_SSL_WRONG_VERSION_NUMBER', 'protocol', /does not speak TLS/],
    ['handshake', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'protocol', /handshake .* failed: its words/],
    ['handshake', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate', /not signed by the CA in \/pki\/ca/],
    ['handshake', 'SELF_SIGNED_CERT_IN_CHAIN', 'certificate', /not signed by the CA/],
    ['handshake', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate', /not signed by the CA/],
    ['handshake', 'CERT_HAS_EXPIRED', 'certificate', /has expired/],
    ['handshake', 'CERT_NOT_YET_VALID', 'certificate', /not valid yet/],
    ['handshake', 'CERT_REVOKED', 'certificate', /was revoked/],
    ['handshake', 'INVALID_PURPOSE', 'certificate', /cannot be trusted: its words/],
    ['handshake', 'CRL_HAS_EXPIRED', 'certificate', /cannot be trusted: its words/],
    ['handshake', 'ERR_TLS_CERT_ALTNAME_INVALID', 'certificate', /for another name/],
    ['handshake', 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'authentication', /wants a client certificate/],
    ['confirm', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'authentication', /wants a client certificate/],
    ['confirm', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'authentication', /wants a client certificate/],
    ['confirm', 'ECONNRESET', 'authentication', /wants a client certificate/],
    ['confirm', undefined, 'authentication', /wants a client certificate/],
  ];
  for (const [phase, code, expected, message] of cases) {
    test(`${code ?? 'hanging up'} during ${phase}: ${expected}`, () => {
      const error = explain(phase, code);
      assert.equal(error.code, expected);
      assert.match(error.message, message);
    });
  }

  test('who was shown a certificate and hung up did not like it', () => {
    for (const code of [undefined, 'ECONNRESET', 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED'])
      assert.match(explain('confirm', code, true).message, /did not accept our certificate \/pki\/cert$/);
  });

  test('the way to connect without a check is offered only where a check failed', () => {
    for (const [phase, code, expected] of cases)
      assert.equal(/no_verify/.test(explain(phase, code).hint ?? ''), expected === 'certificate', code);
  });
});
