import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';

/** The processes whose command line names this folder. */
async function processesOf(folder: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(folder)).map((line) => line.replaceAll('\0', ' '));
}

suite('The server of the browser workbench', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-end-'));
  });
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

  for (const signal of ['SIGKILL', 'SIGTERM'] as const)
    test(`ends with whoever started it, be it by ${signal}`, async () => {
      const child = execa(process.execPath, [join(import.meta.dirname, 'server-owner.ts'), folder], {
        stdin: 'ignore',
        stderr: 'inherit',
        buffer: false,
        reject: false,
      });
      await Promise.race([
        once(createInterface(child.stdout), 'line'),
        child.then(() => Promise.reject(new Error('The server did not start'))),
      ]);
      assert.notEqual((await processesOf(folder)).length, 0);
      child.kill(signal);
      await child;
      for (let waited = 0; waited < 100 && (await processesOf(folder)).length > 0; waited++) await delay(50);
      assert.deepEqual(await processesOf(folder), []);
    });
});
