import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { connect } from '../../../../src/client/libvirt/connect.ts';
import type { TransportError } from '../../../../src/client/transport/error.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';
import { childrenOf } from '../../support/processes.ts';
import { startSshServer } from '../../support/ssh-server.ts';

const patience = () => AbortSignal.timeout(20_000);
const RUN = 'eval "$SSH_ORIGINAL_COMMAND"';

suite('A host whose login shell', () => {
  let daemon: PrivateDaemon;
  let ownChildren: readonly number[];

  before(async () => {
    daemon = await startPrivateDaemon();
    ownChildren = await childrenOf(process.pid);
  });
  after(async () => daemon?.dispose());
  afterEach(async () => {
    assert.deepEqual(await childrenOf(process.pid), ownChildren, 'no ssh is left');
  });

  for (const shell of ['fish', 'csh', 'tcsh', 'zsh', 'ksh', 'mksh', 'dash'])
    test(`is ${shell} is reached`, async (context) => {
      const found = await execa('sh', ['-c', `command -v ${shell}`], { reject: false });
      if (found.failed) return context.skip(`${shell} is not installed`);
      await using server = await startSshServer({ command: `exec ${shell} -c "$SSH_ORIGINAL_COMMAND"` });
      const connection = await connect(server.uri({ socket: daemon.socket }), patience());
      assert.equal(await connection.type(), 'QEMU');
      connection.close();
      await connection.closed;
    });

  /** What it does instead of running a command, and what is said of it. */
  const ODD: readonly (readonly [string, string, TransportError['code'], RegExp, RegExp])[] = [
    [
      'prints a greeting',
      `echo Welcome to the lab; ${RUN}`,
      'protocol',
      /“Welcome to the lab”/u,
      /\.bashrc/u,
    ],
    [
      'repeats the command',
      `echo "$SSH_ORIGINAL_COMMAND"; ${RUN}`,
      'protocol',
      /“sh -c/u,
      /true” must print nothing/u,
    ],
    ['only repeats the command', 'echo "$SSH_ORIGINAL_COMMAND"', 'permission-denied', /“sh -c/u, /chsh/u],
    [
      'is nologin',
      'echo This account is currently not available.; exit 1',
      'permission-denied',
      /“This account is currently not available\.”/u,
      /chsh/u,
    ],
    [
      'is git-shell',
      `echo "fatal: unrecognized command '$SSH_ORIGINAL_COMMAND'" >&2; exit 128`,
      'permission-denied',
      /fatal: unrecognized command/u,
      /another account/u,
    ],
    ['is false', 'exit 1', 'permission-denied', /without running anything/u, /chsh/u],
    [
      'is sftp only',
      'echo This service allows sftp connections only.; exit 1',
      'permission-denied',
      /sftp connections only/u,
      /one program only/u,
    ],
  ];
  for (const [name, command, code, message, hint] of ODD)
    test(`${name} is told with what it prints`, async () => {
      await using server = await startSshServer({ command });
      await assert.rejects(connect(server.uri({ socket: daemon.socket }), patience()), {
        code,
        message,
        hint,
      });
    });

  test('talks to its standard error only is reached', async () => {
    await using server = await startSshServer({ command: `echo Permission denied for fun >&2; ${RUN}` });
    const connection = await connect(server.uri({ socket: daemon.socket }), patience());
    assert.equal(await connection.type(), 'QEMU');
    connection.close();
    await connection.closed;
  });
});
