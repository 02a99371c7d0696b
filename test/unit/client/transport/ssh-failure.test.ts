import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { TransportErrorCode } from '../../../../src/client/transport/error.ts';
import {
  explainNoHelper,
  explainProgramFailure,
  explainSilence,
  explainSshFailure,
} from '../../../../src/client/transport/ssh-failure.ts';
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
  ['no-helper', "nc: invalid option -- 'U'\nnc -h for help"],
  ['no-helper', 'nc: unrecognized option: U\nBusyBox v1.36.1 multi-call binary.'],
  ['no-helper', 'nc: illegal option -- U\nusage: nc [-46DdhklnrtuvzC] [-i interval] [hostname] [port[s]]'],
  ['no-helper', '/run/libvirt/libvirt-sock: forward host lookup failed: Unknown host'],
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

  test('programs that are missing, or end without a word, are named with their package', () => {
    assert.match(explainNoHelper(uri, undefined).message, /no virt-ssh-helper and no nc/u);
    assert.match(explainNoHelper(uri, { path: '/s' }).message, /no nc to reach \/s with/u);
    const exit = { code: undefined, exitCode: 255, stderr: '' };
    const mute = (answer: 'helper' | 'netcat', isMute: boolean) =>
      explainProgramFailure(uri, exit, { answer, isMute });
    assert.match(mute('netcat', true).message, /^nc on far\.example ended without a message/u);
    assert.match(mute('netcat', true).hint ?? '', /netcat-openbsd/u);
    assert.match(mute('helper', true).message, /^virt-ssh-helper on far\.example/u);
    assert.equal(mute('netcat', false).code, 'lost');
  });

  test('a shell that does not greet is told with what it printed', () => {
    const exit = { code: undefined, exitCode: 1, stderr: '' };
    const noise = explainSilence(
      uri,
      { kind: 'noise', printed: '\u001b[1mWelcome\u001b[0m\r\nto the lab\n' },
      exit,
    );
    assert.match(noise.message, /prints something .*: “Welcome to the lab”$/u);
    assert.match(noise.hint ?? '', /ssh me@far\.example true/u);
    const closed = explainSilence(
      uri,
      { kind: 'ended', printed: 'This account is currently not available.\n' },
      exit,
    );
    assert.match(
      closed.message,
      /does not run commands\. It answered: “This account is currently not available\.”/u,
    );
    assert.match(closed.hint ?? '', /chsh/u);
    assert.match(
      explainSilence(uri, { kind: 'ended', printed: '' }, exit).message,
      /without running anything/u,
    );
    const late = explainSilence(uri, { kind: 'late', printed: 'Project? ' }, exit);
    assert.match(late.message, /printed: “Project\?”/u);
    const refused = { ...exit, exitCode: 255, stderr: 'Session open refused by peer' };
    assert.equal(explainSilence(uri, { kind: 'ended', printed: '' }, refused).code, 'refused');
    // A missing shell says so in the words of a missing socket.
    const noShell = { ...exit, stderr: '/bin/strange: No such file or directory' };
    assert.equal(explainSilence(uri, { kind: 'ended', printed: '' }, noShell).code, 'permission-denied');
  });
});
