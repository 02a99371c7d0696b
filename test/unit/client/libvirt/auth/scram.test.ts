import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ScramClient, ScramError } from '../../../../../src/client/libvirt/auth/scram.ts';

/** The examples of RFC 5802 and RFC 7677. */
const EXAMPLES = [
  {
    hash: 'sha1',
    nonce: 'fyko+d2lbbFgONRv9qkxdawL',
    challenge: 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
    final: 'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
    outcome: 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
  },
  {
    hash: 'sha256',
    nonce: 'rOprNGfwEbeRWgbNEkqO',
    challenge: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
    final:
      'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    outcome: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  },
] as const;

const [, SHA256] = EXAMPLES;
const NONCE = SHA256.nonce;

function client(): ScramClient {
  return new ScramClient({ hash: 'sha256', user: 'user', password: 'pencil' }, NONCE);
}

/** One that was challenged properly and waits for the outcome. */
async function challenged(): Promise<ScramClient> {
  const scram = client();
  await scram.final(Buffer.from(SHA256.challenge));
  return scram;
}

suite('SCRAM', () => {
  for (const { hash, nonce, challenge, final, outcome } of EXAMPLES) {
    test(`with ${hash} says what the RFC's example says, and accepts its end`, async () => {
      const scram = new ScramClient({ hash, user: 'user', password: 'pencil' }, nonce);
      assert.equal(scram.first().toString(), `n,,n=user,r=${nonce}`);
      assert.equal((await scram.final(Buffer.from(challenge))).toString(), final);
      scram.verify(Buffer.from(outcome));
    });
  }

  test('keeps a name out of the grammar, and everything else as it was typed', () => {
    const scram = new ScramClient({ hash: 'sha256', user: 'a=b,cª', password: '' }, NONCE);
    assert.equal(scram.first().toString(), `n,,n=a=3Db=2Ccª,r=${NONCE}`);
  });

  test('never uses a nonce twice, and none with a comma', () => {
    const firsts = Array.from({ length: 100 }, () =>
      new ScramClient({ hash: 'sha256', user: 'u', password: '' }).first().toString(),
    );
    assert.equal(new Set(firsts).size, 100);
    for (const first of firsts) assert.match(first, /^n,,n=u,r=[A-Za-z0-9+/]{32}$/);
  });

  const salt = 's=W22ZaJ0SNY7soEsUEjb6gQ==';
  const badChallenges: Record<string, readonly [string, RegExp]> = {
    'for another client': [`r=somebodyelse,${salt},i=4096`, /not to our request/],
    'with our nonce only': [`r=${NONCE},${salt},i=4096`, /not to our request/],
    'with few rounds': [`r=${NONCE}x,${salt},i=1`, /“1” rounds/],
    'with rounds for a week': [`r=${NONCE}x,${salt},i=999999999`, /rounds/],
    'with rounds that are no number': [`r=${NONCE}x,${salt},i=4096e3`, /rounds/],
    'without a salt': [`r=${NONCE}x,i=4096`, /no salt/],
    'with an empty salt': [`r=${NONCE}x,s=,i=4096`, /no salt/],
    'with a broken salt': [`r=${NONCE}x,s=*,i=4096`, /no salt/],
    'with an extension': [`m=new,r=${NONCE}x,${salt},i=4096`, /extension/],
    'that is a refusal': ['e=unknown-user\u0007', /“unknown-user\?”/],
    'that is empty': ['', /not to our request/],
  };
  for (const [name, [challenge, message]] of Object.entries(badChallenges)) {
    test(`does not answer a challenge ${name}`, async () => {
      await assert.rejects(client().final(Buffer.from(challenge)), (error) => {
        assert.ok(error instanceof ScramError);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  const badOutcomes: Record<string, readonly [string, RegExp]> = {
    'with another signature': [`v=${Buffer.alloc(32, 1).toString('base64')}`, /could not prove/],
    'with half a signature': [SHA256.outcome.slice(0, 22), /could not prove/],
    'without a signature': ['', /no signature/],
    'that is a refusal': ['e=invalid-proof', /“invalid-proof”/],
  };
  for (const [name, [outcome, message]] of Object.entries(badOutcomes)) {
    test(`does not believe an end ${name}`, async () => {
      const scram = await challenged();
      assert.throws(() => scram.verify(Buffer.from(outcome)), { name: 'ScramError', message });
    });
  }

  test('does not believe a signature that comes before the challenge', () => {
    assert.throws(() => client().verify(Buffer.from(SHA256.outcome)), { name: 'ScramError' });
  });
});
