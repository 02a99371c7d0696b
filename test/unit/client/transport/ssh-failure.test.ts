import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { TransportErrorCode } from '../../../../src/client/transport/error.ts';
import { explainSshFailure, NO_HELPER } from '../../../../src/client/transport/ssh-failure.ts';
import { parseUri } from '../../../../src/client/transport/uri.ts';

const uri = parseUri('qemu+ssh://me@far.example/system');

function explain(stderr: string) {
  return explainSshFailure(uri, { code: undefined, exitCode: 255, stderr });
}

const WORDS: readonly (readonly [TransportErrorCode, string])[] = [
  [
    'host-key',
    '@@@@@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n@@@@@@@\nHost key verification failed.\r\n',
  ],
  ['host-key', 'Host key verification failed.\r\n'],
  [
    'host-key',
    'No ED25519 host key is known for far.example and you have requested strict checking.\nHost key verification failed.',
  ],
  ['authentication', 'me@far.example: Permission denied (publickey,password).'],
  [
    'authentication',
    'Warning: Identity file /k not accessible.\nme@far.example: Permission denied (publickey).',
  ],
  ['unknown-host', 'ssh: Could not resolve hostname far.example: Name or service not known'],
  ['refused', 'ssh: connect to host far.example port 22: Connection refused'],
  [
    'refused',
    'channel 0: open failed: connect failed: Connection refused\nstdio forwarding failed\nkex_exchange_identification: Connection closed by remote host',
  ],
  ['timeout', 'ssh: connect to host far.example port 22: Connection timed out'],
  ['timeout', 'ssh: connect to host far.example port 22: No route to host'],
  ['timeout', 'ssh: connect to host far.example port 22: Network is unreachable'],
  ['timeout', 'ssh: connect to host far.example port 22: Operation timed out'],
  ['no-helper', NO_HELPER],
  ['permission-denied', 'nc: unix connect failed: Permission denied'],
  [
    'permission-denied',
    "virt-ssh-helper: cannot connect to '/run/libvirt/libvirt-sock': Failed to connect socket to '/run/libvirt/libvirt-sock': Permission denied",
  ],
  ['no-daemon', 'nc: unix connect failed: No such file or directory'],
  ['no-daemon', 'nc: unix connect failed: Connection refused'],
  [
    'no-daemon',
    "virt-ssh-helper: cannot connect to '/run/libvirt/libvirt-sock': Failed to connect socket to '/run/libvirt/libvirt-sock': Connection refused",
  ],
  ['lost', 'Connection to far.example closed by remote host.'],
  ['lost', ''],
];

suite("What ssh's last words mean", () => {
  for (const [code, words] of WORDS)
    test(`${JSON.stringify(words.split('\n').at(-1))} means ${code}`, () => {
      const error = explain(words);
      assert.equal(error.code, code);
      assert.match(error.message, /far\.example/, 'it names the host');
      assert.ok((error.hint ?? '').length > 10, 'it says what to do');
      assert.doesNotMatch(error.message, /[\r\n]/);
      assert.ok(error.cause instanceof Error);
      assert.ok(error.cause.message.includes(words.trim()), 'the log has all of it');
    });

  test('a changed key is told from an unknown one', () => {
    assert.match(explain(WORDS[0]?.[1] ?? '').message, /has changed/);
    assert.match(explain('Host key verification failed.').message, /not known/);
  });

  test('hints name the user and the host as ssh takes them', () => {
    assert.match(explain('Host key verification failed.').hint ?? '', /ssh me@far\.example”/);
  });

  test('what nobody knows is passed on, its last line on screen', () => {
    assert.match(explain('first\nsomething new').message, /ended: something new$/);
    const { cause } = explainSshFailure(uri, { code: undefined, exitCode: undefined, stderr: '' });
    assert.match(String(cause), /ended with a signal/);
  });

  test('a missing ssh is no failure of the host', () => {
    const error = explainSshFailure(uri, { code: 'ENOENT', exitCode: undefined, stderr: '' });
    assert.equal(error.code, 'no-program');
  });
});
