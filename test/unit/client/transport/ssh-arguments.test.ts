import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { TransportError } from '../../../../src/client/transport/error.ts';
import {
  daemonCommand,
  loginKey,
  masterArguments,
  sessionArguments,
  sshLogin,
} from '../../../../src/client/transport/ssh-arguments.ts';
import { type Greeting, newGreeting } from '../../../../src/client/transport/ssh-greeting.ts';
import { parseUri } from '../../../../src/client/transport/uri.ts';

const CONTROL = '/run/user/1000/kvm-x/0';

function loginOf(uri: string) {
  return sshLogin(parseUri(uri));
}

const GREETING: Greeting = newGreeting();

function remoteCommandFor(uri: string): string {
  return daemonCommand(parseUri(uri), GREETING);
}

suite('The arguments of ssh', () => {
  test('of a session: it asks nothing, carries bytes as they are, and ends its options before the host', () => {
    const args = sessionArguments(loginOf('qemu+ssh://host/system'), CONTROL, 'true');
    assert.deepEqual(args.slice(0, 3), ['-T', '-e', 'none']);
    assert.ok(args.includes('BatchMode=yes'));
    assert.ok(args.includes(`ControlPath="${CONTROL}"`));
    assert.deepEqual(args.slice(-3), ['--', 'host', 'true']);
  });

  test('of the shared connection: it runs nothing there and forwards nothing that the config names', () => {
    const args = masterArguments(loginOf('qemu+ssh://host/system'), CONTROL, true);
    for (const part of ['-N', 'ControlMaster=yes', 'ClearAllForwardings=yes', 'BatchMode=no'])
      assert.ok(args.includes(part), part);
    assert.deepEqual(args.slice(-2), ['--', 'host']);
  });

  test('take nothing from a config that is made for a terminal, as far as this ssh knows the names', () => {
    const login = loginOf('qemu+ssh://host/system');
    const both = [masterArguments(login, CONTROL, true), sessionArguments(login, CONTROL, 'true')];
    for (const args of both) {
      for (const part of ['RemoteCommand=none', 'ClearAllForwardings=yes', 'Tunnel=no', 'LogLevel=INFO'])
        assert.ok(args.includes(part), part);
      assert.ok(!args.some((each) => /SessionType|StdinNull|ForkAfter/u.test(each)), 'OpenSSH 8.6 would end');
    }
    const later = { ...login, hasSessionOptions: true };
    const session = sessionArguments(later, CONTROL, 'true');
    for (const part of ['SessionType=default', 'StdinNull=no', 'ForkAfterAuthentication=no'])
      assert.ok(session.includes(part), part);
    const master = masterArguments(later, CONTROL, true);
    assert.ok(master.includes('ForkAfterAuthentication=no'));
    assert.ok(!master.includes('SessionType=default'), 'ssh takes no type beside -N');
  });

  test('let the shared connection fail rather than wait where nobody can be asked', () => {
    const args = masterArguments(loginOf('qemu+ssh://host/system'), CONTROL, false);
    assert.ok(args.includes('BatchMode=yes'));
  });

  test('take over user, port, key and known hosts, each as a word of its own', () => {
    const { options } = loginOf('qemu+ssh://me@host:2222/system?keyfile=/k%20ey&known_hosts=/kn%20own');
    const expected = ['-p', '2222', '-l', 'me', '-i', '/k ey', '-o', 'UserKnownHostsFile="/kn own"'];
    assert.deepEqual(options, expected);
  });

  test('check the host key unless the URI says no_verify=1', () => {
    assert.deepEqual(loginOf('qemu+ssh://host/system?no_verify=0').options, []);
    const { options } = loginOf('qemu+ssh://host/system?no_verify=1');
    assert.deepEqual(options, ['-o', 'StrictHostKeyChecking=no']);
  });

  test('take IPv6 without brackets', () => {
    assert.equal(loginOf('qemu+ssh://[::1]/system').host, '::1');
  });

  test('need a host', () => {
    assert.throws(
      () => loginOf('qemu+ssh:///system'),
      (error) => error instanceof TransportError && error.code === 'bad-uri',
    );
  });

  test('are shared by URIs that differ only in what is done there', () => {
    const one = loginKey(loginOf('qemu+ssh://host/system'));
    assert.equal(loginKey(loginOf('lxc+ssh://host/?socket=/s')), one);
    assert.notEqual(loginKey(loginOf('qemu+ssh://other@host/system')), one);
  });
});

/** Prints the name it was called by and its arguments, each ended by a NUL. */
const RECORDER = `#!/bin/sh\nprintf '%s\\0' "\${0##*/}" "$@"\n`;

const HOSTILE: readonly string[] = [
  '/plain/socket',
  '/with space',
  "/it's",
  `/"double"`,
  '/$(: >pwned)',
  '/`: >pwned`',
  '/;: >pwned;',
  "/';: >pwned;'",
  "/'\\'';: >pwned;'\\''",
  '/$HOME ${PATH}',
  '/back\\slash\\',
  '/*?[a-z]~!#&|<>(){}',
  '/emoji🦊é',
];

suite('The command for the far side, run by a real shell', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-ssh-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** A host with these programs and nothing else but a shell. */
  async function host(...programs: readonly string[]): Promise<string> {
    const bin = await mkdtemp(join(folder, 'bin-'));
    await symlink('/bin/sh', join(bin, 'sh'));
    for (const program of programs) {
      await writeFile(join(bin, program), RECORDER);
      await chmod(join(bin, program), 0o755);
    }
    return bin;
  }

  /** What sshd does with the command: it is one string for the user's login shell. */
  async function runOn(bin: string, command: string) {
    const cwd = join(folder, 'home');
    await mkdir(cwd, { recursive: true });
    const { stdout, stderr, exitCode } = await execa('/bin/sh', ['-c', command], {
      cwd,
      env: { PATH: bin },
      extendEnv: false,
      reject: false,
    });
    assert.deepEqual(await readdir(cwd), [], 'nothing from the URI was run');
    assert.ok(stdout.startsWith(GREETING.mark), 'nothing comes before the greeting');
    const [greeting = '', ...rest] = stdout.split('\n');
    const answer = greeting.slice(GREETING.mark.length);
    return { answer, words: rest.join('\n').split('\0').slice(0, -1), stderr, exitCode };
  }

  test('prefers virt-ssh-helper and gives it the URI of the driver', async () => {
    const bin = await host('virt-ssh-helper', 'nc');
    const { answer, words } = await runOn(bin, remoteCommandFor('qemu+ssh://me@host:22/system?keyfile=/k'));
    assert.deepEqual([answer, ...words], ['helper', 'virt-ssh-helper', 'qemu:///system']);
  });

  test('takes nc and the usual socket where there is no helper', async () => {
    const { answer, words } = await runOn(await host('nc'), remoteCommandFor('qemu+ssh://host/system'));
    assert.deepEqual([answer, ...words], ['netcat', 'nc', '-U', '/var/run/libvirt/libvirt-sock']);
  });

  test('takes nc for a socket that the URI names, helper or not', async () => {
    const bin = await host('virt-ssh-helper', 'nc');
    const { words } = await runOn(bin, remoteCommandFor('qemu+ssh://host/system?socket=/s'));
    assert.deepEqual(words, ['nc', '-U', '/s']);
  });

  test('takes only what proxy= names', async () => {
    const bin = await host('virt-ssh-helper', 'nc');
    const netcat = await runOn(bin, remoteCommandFor('qemu+ssh://host/system?proxy=netcat'));
    assert.equal(netcat.words[0], 'nc');
    const native = await runOn(await host('nc'), remoteCommandFor('qemu+ssh://host/system?proxy=native'));
    assert.equal(native.exitCode, 127);
  });

  test('takes the netcat that the URI names', async () => {
    const bin = await host('nc', "my 'nc' $(x)");
    const netcat = encodeURIComponent("my 'nc' $(x)");
    const { words } = await runOn(bin, remoteCommandFor(`qemu+ssh://host/system?netcat=${netcat}&socket=/s`));
    assert.deepEqual(words, ["my 'nc' $(x)", '-U', '/s']);
  });

  test('says what is missing where there is neither', async () => {
    const { answer, words, exitCode } = await runOn(await host(), remoteCommandFor('qemu+ssh://host/system'));
    assert.deepEqual([answer, words, exitCode], ['none', [], 127]);
  });

  for (const value of HOSTILE) {
    test(`hands over the socket ${JSON.stringify(value)} as one word`, async () => {
      const uri = `qemu+ssh://host/system?socket=${encodeURIComponent(value)}`;
      const { words } = await runOn(await host('nc'), remoteCommandFor(uri));
      assert.deepEqual(words, ['nc', '-U', value]);
    });

    test(`hands over the name ${JSON.stringify(value)} as one word`, async () => {
      const uri = `qemu+ssh://host/?name=${encodeURIComponent(value)}`;
      const { words } = await runOn(await host('virt-ssh-helper'), remoteCommandFor(uri));
      assert.deepEqual(words, ['virt-ssh-helper', value]);
    });

    test(`looks for the netcat ${JSON.stringify(value)} and runs nothing`, async () => {
      const uri = `qemu+ssh://host/system?socket=/s&netcat=${encodeURIComponent(value)}`;
      const { words, exitCode } = await runOn(await host('nc'), remoteCommandFor(uri));
      assert.deepEqual(words, []);
      assert.equal(exitCode, 127);
    });
  }
});
