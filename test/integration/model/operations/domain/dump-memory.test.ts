import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { parseUri } from '../../../../../src/client/transport/uri.ts';
import type { DomainTarget } from '../../../../../src/model/inventory/domain-target.ts';
import { dumpMemory } from '../../../../../src/model/operations/domain/dump-memory.ts';
import {
  findInterruptedDump,
  settleInterruptedDump,
} from '../../../../../src/model/operations/domain/dump-note.ts';
import { forceOffDomain } from '../../../../../src/model/operations/domain/force-off.ts';
import { isLeftPaused } from '../../../../../src/model/operations/domain/left-paused.ts';
import { resumeDomain } from '../../../../../src/model/operations/domain/resume.ts';
import { startDomain } from '../../../../../src/model/operations/domain/start.ts';
import { eventually } from '../../../../support/eventually.ts';
import { useOperationBench } from './support.ts';

/** Enough that it takes a moment to be written. */
const large = (xml: string) =>
  xml.replace(/<memory[\s\S]*<\/currentMemory>/u, '<memory unit="MiB">512</memory>');

const WRITTEN_MS = 150_000;

async function isDump(path: string): Promise<boolean> {
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
  return buffer.toString('latin1') === '\u007fELF';
}

suite('A memory dump', { timeout: 400_000 }, () => {
  const bench = useOperationBench();
  let folder = '';
  const state = (name: string) => bench.daemon.virsh('domstate', name);

  before(async () => {
    folder = join(bench.daemon.folder, 'dumps');
    await mkdir(folder);
  });

  /** As the same domain looks on another machine. */
  async function elsewhere(target: DomainTarget): Promise<DomainTarget> {
    const connection = await bench.host.connect();
    const far: unknown = Object.assign(Object.create(connection) as object, {
      uri: parseUri('qemu+ssh://far/system'),
    });
    const host = { connect: async () => far, refresh: async () => undefined };
    const there: unknown = { host, uuid: target.uuid, record: target.record };
    return there as DomainTarget;
  }

  test('replaces nothing unasked, here and on another machine', async () => {
    const here = await bench.define('asked');
    await startDomain(here, {});
    for (const target of [here, await elsewhere(here)]) {
      const path = join(folder, 'notes.txt');
      await writeFile(path, 'a person’s own');
      await assert.rejects(dumpMemory(target, { path, format: 'elf' }), { code: 'exists' });
      assert.equal(await readFile(path, 'utf8'), 'a person’s own');
      await dumpMemory(target, { path, format: 'elf', replace: true });
      assert.ok(await isDump(path));
      assert.equal(await findInterruptedDump(target, {}), undefined);
    }
    assert.equal((await stat(join(folder, 'notes.txt'))).mode & 0o077, 0, 'for nobody else to read');
    assert.deepEqual(await readdir(folder), ['notes.txt']);
    await forceOffDomain(here, {});
  });

  test('whose client is killed has no file of its name; the guest goes on, and the rest is swept', async () => {
    const target = await bench.define('abandoned', large);
    await startDomain(target, {});
    const path = join(folder, 'abandoned.elf');
    const child = fork(join(import.meta.dirname, 'dump-child.ts'), [bench.daemon.uri, target.uuid, path], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const partial = await eventually('it is being written', async () => {
      const name = (await readdir(folder)).find((each) => each.endsWith('.part'));
      return name !== undefined && (await stat(join(folder, name))).size > 0 ? name : undefined;
    });
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await assert.rejects(access(path));
    // The daemon writes all of it, however slow the disk is.
    await eventually('it runs', async () => (await state('abandoned')) === 'running', WRITTEN_MS);
    await assert.rejects(access(path));
    assert.ok((await readdir(folder)).includes(partial));
    await dumpMemory(target, { path: join(folder, 'other.elf'), format: 'kdump' });
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.part')),
      [],
    );
    await forceOffDomain(target, {});
  });

  test('that the daemon took with it is asked about, where files cannot be renamed', async () => {
    const target = await bench.define('halved', large);
    await startDomain(target, {});
    const path = join(folder, 'halved.elf');
    const far = await elsewhere(target);
    const dumping = dumpMemory(far, { path, format: 'elf' }).catch((error: unknown) => error);
    await eventually('it is being written', async () => (await stat(path).catch(() => undefined))?.size);
    await bench.daemon.kill('SIGKILL');
    assert.ok((await dumping) instanceof Error);
    await bench.daemon.start();
    await eventually(
      'it goes on',
      async () => {
        // Some versions do not live to see the end of a dump that they did not begin.
        if ((await bench.daemon.crash()) !== undefined) await bench.daemon.start();
        await bench.host.connect().catch(() => undefined);
        if ((await state('halved').catch(() => '')) === 'running') return true;
        if (!(await isLeftPaused(target, {}).catch(() => false))) return false;
        // QEMU may still be writing.
        return resumeDomain(target, {}).then(
          () => true,
          () => false,
        );
      },
      WRITTEN_MS,
    );
    assert.equal(await state('halved'), 'running');
    assert.equal(await isLeftPaused(target, {}), false);
    const again = await elsewhere(target);
    assert.equal(await findInterruptedDump(again, {}), path);
    await settleInterruptedDump(again, { path, remove: true });
    await assert.rejects(access(path));
    assert.equal(await findInterruptedDump(again, {}), undefined);
    await forceOffDomain(target, {});
  });
});
