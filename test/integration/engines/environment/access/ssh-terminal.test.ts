import assert from 'node:assert/strict';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { root } from '../../../../../scripts/lib/paths.ts';
import { type SshServer, startSshServer } from '../../../support/ssh-server.ts';

const MAIN = join(root, 'src', 'engines', 'environment', 'access', 'ssh-terminal-main.ts');

suite('ssh in a terminal', () => {
  let server: SshServer;
  before(async () => {
    server = await startSshServer();
  });
  after(() => server[Symbol.asyncDispose]());

  /** What a terminal of 33 lines gets while somebody types that, and the exit code. */
  async function typed(text: string): Promise<{ readonly shown: string; readonly code: number }> {
    const options = {
      Port: String(server.port),
      IdentityFile: `"${server.key}"`,
      UserKnownHostsFile: `"${server.knownHosts}"`,
      LogLevel: 'ERROR',
    };
    const quote = (word: string) => `'${word}'`;
    const ssh = [
      '-F',
      'none',
      ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
      '--',
      `${userInfo().username}@127.0.0.1`,
    ];
    const run = `stty rows 33 cols 77; exec ${[process.execPath, MAIN, ...ssh].map(quote).join(' ')}`;
    const result = await execa('script', ['-q', '-e', '-c', run, '/dev/null'], {
      input: text,
      reject: false,
      timeout: 30_000,
      env: { SHELL: '/bin/sh' },
    });
    return { shown: result.stdout, code: result.exitCode ?? -1 };
  }

  test('shows what the guest says, in the size of the terminal, and ends as it does', async () => {
    const { shown, code } = await typed('stty size; printf "\\033[31m%s\\033[0m\\n" Gr\\303\\274n; exit 7\n');
    assert.match(shown, /^33 77\r?$/m);
    assert.ok(shown.includes('\u001b[31mGr'));
    assert.equal(code, 7);
  });

  test('gives the guest no clipboard, and no links to commands', async () => {
    const evil = String.raw`printf "a\033]52;c;aGk=\007b\033]8;;command:x\007c\033]8;;\007d\033]52;c;?\007e"`;
    const { shown } = await typed(`${evil} | sed 's/$/\\n/' ; exit\n`);
    assert.ok(shown.includes('abc\u001b]8;;\u0007de'));
    // oxlint-disable-next-line no-control-regex -- terminals speak in control characters
    assert.doesNotMatch(shown, /\u001b\]52|\u001b\]8;;c/);
  });
});
