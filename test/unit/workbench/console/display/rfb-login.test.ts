import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { suite, test } from 'node:test';
import { logIn } from '../../../../../src/workbench/console/display/rfb-login.ts';
import { answerChallenge } from '../../../../../src/workbench/console/display/vnc-password.ts';

const patience = () => AbortSignal.timeout(5000);

/** A server that has said all it will say, and what is said to it. */
function server(...said: readonly (string | readonly number[])[]) {
  const input = new PassThrough();
  const output = new PassThrough();
  for (const part of said)
    for (const byte of Buffer.from(part as string, 'latin1')) input.write(Uint8Array.of(byte));
  return { input, output, closed: Promise.resolve(undefined), close: () => input.destroy() };
}

const heard = ({ output }: { output: PassThrough }) => String(output.read() ?? '');

suite('Logging in to a VNC server', () => {
  test('takes one without a password, and leaves the rest to the client', async () => {
    const channel = server('RFB 003.008\n', [2, 2, 1], [0, 0, 0, 0], 'rest');
    await logIn(channel, undefined, patience());
    assert.equal(heard(channel), 'RFB 003.008\n\u0001');
    assert.equal(String(channel.input.read()), 'rest');
  });

  test('answers the challenge of one that wants a password', async () => {
    const challenge = Array.from({ length: 16 }, (_, index) => index);
    const channel = server('RFB 003.008\n', [1, 2], challenge, [0, 0, 0, 0]);
    await logIn(channel, 'secret', patience());
    const answer = answerChallenge(Uint8Array.from(challenge), 'secret').toString('latin1');
    assert.equal(channel.output.read()?.toString('latin1'), `RFB 003.008\n\u0002${answer}`);
  });

  for (const [version, sent] of [
    ['003.003', [0, 0, 0, 1]],
    ['003.007', [1, 1]],
    ['003.005', [0, 0, 0, 1]],
  ] as const)
    test(`speaks the version ${version}`, async () => {
      const channel = server(`RFB ${version}\n`, sent);
      await logIn(channel, undefined, patience());
      assert.equal(heard(channel), version === '003.007' ? 'RFB 003.007\n\u0001' : 'RFB 003.003\n');
    });

  const refusals: readonly (readonly [string, string, readonly (string | readonly number[])[], RegExp])[] = [
    ['is no VNC', 'protocol', ['SSH-2.0-OpenSSH'], /does not speak VNC/u],
    ['says no', 'refused', ['RFB 003.008\n', [0], [0, 0, 0, 4], 'full'], /refused the connection: full/u],
    ['wants TLS', 'security', ['RFB 003.008\n', [1, 19]], /TLS or SASL/u],
    ['wants a password that nobody knows', 'password', ['RFB 003.008\n', [1, 2]], /asks for a password/u],
    ['gives an endless reason', 'protocol', ['RFB 003.008\n', [0], [255, 255, 255, 255]], /endless/u],
  ];

  for (const [what, code, said, message] of refusals)
    test(`fails with one that ${what}`, async () => {
      await assert.rejects(logIn(server(...said), undefined, patience()), { code, message });
    });

  test('fails with a password that is wrong, in the server’s words', async () => {
    const said = ['RFB 003.008\n', [1, 2], Array<number>(16).fill(7), [0, 0, 0, 1], [0, 0, 0, 3], 'bad'];
    await assert.rejects(logIn(server(...said), 'x', patience()), { code: 'password', message: /bad$/u });
  });

  test('fails with one that hangs up, wherever it does', async () => {
    const whole = Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.from([1, 1, 0, 0, 0, 0])]);
    for (let length = 0; length < whole.length; length++) {
      const channel = server([...whole.subarray(0, length)]);
      channel.input.end();
      await assert.rejects(logIn(channel, undefined, patience()), { code: 'protocol', message: /hung up/u });
    }
  });
});
