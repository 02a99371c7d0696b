import assert from 'node:assert/strict';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { connect } from '../../../../src/client/libvirt/connect.ts';
import type { Outcome } from '../../support/connect-as.ts';

const patience = () => AbortSignal.timeout(10_000);
const isRoot = process.getuid?.() === 0;
/** Nobody in particular, and no member of any group. */
const STRANGER = 65_534;

function uriOf(path: string): string {
  return `qemu+unix:///system?socket=${encodeURIComponent(path)}`;
}

async function listen(path: string, mode: number): Promise<() => void> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(path, resolve));
  await chmod(path, mode);
  return () => server.close();
}

suite('A local socket', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-'));
    await chmod(folder, 0o755);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** The permissions of a socket mean nothing to root, so that the client is another user then. */
  async function connectAsStranger(uri: string): Promise<Outcome> {
    if (!isRoot) {
      return connect(uri, patience()).then(
        () => ({ code: 'connected' }),
        (error: Outcome) => error,
      );
    }
    const script = join(import.meta.dirname, '../../support/connect-as.ts');
    const { stdout } = await execa(process.execPath, [script, String(STRANGER), uri]);
    return JSON.parse(stdout) as Outcome;
  }

  test('that is not there: no daemon, and where it was looked for', async () => {
    const path = join(folder, 'missing');
    await assert.rejects(connect(uriOf(path), patience()), {
      code: 'no-daemon',
      message: `No libvirt daemon answers at ${path}`,
      hint: /socket=/,
    });
  });

  test('that a daemon left behind: no daemon', async () => {
    const path = join(folder, 'stale');
    const script = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
    await execa(process.execPath, ['-e', script, path], { reject: false });
    // The URI is right, since a daemon listened where it leads.
    const hint = 'The daemon that listened there has stopped: start it again.';
    await assert.rejects(connect(uriOf(path), patience()), { code: 'no-daemon', hint });
  });

  test('that is no socket at all: no daemon', async () => {
    const path = join(folder, 'file');
    await writeFile(path, '');
    await assert.rejects(connect(uriOf(path), patience()), { code: 'no-daemon' });
  });

  test('that somebody else listens on and hangs up: lost', async () => {
    const path = join(folder, 'rude');
    const close = await listen(path, 0o777);
    try {
      await assert.rejects(connect(uriOf(path), patience()), { code: 'lost' });
    } finally {
      close();
    }
  });

  test('that is closed to the user: permission denied, and what decides that', async () => {
    const path = join(folder, 'closed');
    const close = await listen(path, 0o500);
    try {
      const { code, message, hint } = await connectAsStranger(uriOf(path));
      assert.equal(code, 'permission-denied');
      assert.equal(message, `No permission to use ${path}`);
      assert.match(hint ?? '', /unix_sock_group/);
      assert.doesNotMatch(hint ?? '', /usermod/, "nobody is told to join root's group");
    } finally {
      close();
    }
  });

  test(
    'that is for a group: permission denied, and which group',
    { skip: isRoot ? false : 'needs root' },
    async () => {
      const path = join(folder, 'grouped');
      const close = await listen(path, 0o770);
      try {
        await chown(path, 0, 4);
        const { code, hint } = await connectAsStranger(uriOf(path));
        assert.equal(code, 'permission-denied');
        assert.match(hint ?? '', /usermod -aG adm \$USER/);
        await chown(path, 0, 54_321);
        assert.match((await connectAsStranger(uriOf(path))).hint ?? '', /usermod -aG 54321/);
      } finally {
        close();
      }
    },
  );

  test('in a folder that is closed: permission denied', async () => {
    const closed = join(folder, 'closed-folder');
    await mkdir(closed);
    const close = await listen(join(closed, 'socket'), 0o777);
    await chmod(closed, 0);
    try {
      const { code, hint } = await connectAsStranger(uriOf(join(closed, 'socket')));
      assert.equal(code, 'permission-denied');
      assert.match(hint ?? '', /group libvirt/);
    } finally {
      await chmod(closed, 0o700);
      close();
    }
  });
});
