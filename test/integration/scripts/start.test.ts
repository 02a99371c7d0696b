import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { root } from '../../../scripts/lib/paths.ts';

const isolated = join(root, 'test/support/private-daemon/run-isolated.sh');
const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** What libvirt keeps on a machine, empty. */
async function emptyMachine(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-'));
  await chmod(folder, 0o755);
  for (const name of ['run', 'lib', 'etc', 'log', 'cache']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'etc', 'qemu.conf'), 'security_driver = "none"\nnamespaces = []\n');
  return folder;
}

/** The start script on a machine where no daemon runs, and what it has printed. */
function start(folder: string) {
  const script = ['node', join(root, 'scripts/bootstrap.mjs'), 'scripts/start.ts', '--yes', '--no-open'];
  const child = execa('unshare', [...namespaces, isolated, folder, ...script], {
    all: true,
    detached: true,
    cleanup: false,
    stdin: 'ignore',
    reject: false,
    timeout: 120_000,
  });
  const url = new Promise<string>((resolve, reject) => {
    let output = '';
    child.all.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /VS Code is at (\S+)/u.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    void child.then(() => reject(new Error(`The start script ended:\n${output}`)));
  });
  return { child, url };
}

/** As a browser does: the secret in the address becomes a cookie. */
async function fetchPage(url: string): Promise<string> {
  const first = await fetch(url, { redirect: 'manual' });
  const location = new URL(first.headers.get('location') ?? '', url);
  const page = await fetch(location, { headers: { cookie: first.headers.getSetCookie().join('; ') } });
  assert.equal(page.status, 200);
  const uninvited = await fetch(location);
  assert.equal(uninvited.status, 403);
  return page.text();
}

test(
  'npm start shows the demo guest in VS Code, and Ctrl-C leaves nothing behind',
  { skip: process.getuid?.() !== 0 && 'only root can start a system daemon' },
  async (t) => {
    const folder = await emptyMachine();
    t.after(() => rm(folder, { recursive: true, force: true }));
    // Twice, since it can be run again at any time.
    for (const round of [1, 2]) {
      const { child, url } = start(folder);
      t.after(() => child.kill('SIGKILL'));
      assert.match(await fetchPage(await url), /workbench/u);
      const uri = `qemu+unix:///system?socket=${join(folder, 'run/libvirt-sock')}`;
      const { stdout } = await execa('virsh', ['-q', '-c', uri, 'list', '--all', '--name']);
      assert.equal(stdout.trim(), 'tiny-os');
      await execa('virsh', ['-q', '-c', uri, 'start', 'tiny-os']);

      // As a terminal does it: to the whole process group.
      assert.ok(child.pid);
      process.kill(-child.pid, 'SIGINT');
      const { all } = await child;
      assert.doesNotMatch(all ?? '', /left behind/u, `round ${round}`);
      assert.match(all ?? '', /Ending what was started/u);
    }
  },
);
