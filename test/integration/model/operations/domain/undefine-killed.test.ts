import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { DomainTarget } from '../../../../../src/model/inventory/domain-target.ts';
import { findLeftovers } from '../../../../../src/model/operations/domain/leftovers.ts';
import { undefineDomain } from '../../../../../src/model/operations/domain/undefine.ts';
import { FaultProxy, type Relay } from '../../../../soak/support/fault-proxy.ts';
import { eventually } from '../../../../support/eventually.ts';
import { useOperationBench } from './support.ts';

const MANY = 60;

/** Calls back with each message, before and after it is on its way. */
function eachMessage(onMessage: (number: number) => void): Relay {
  let [rest, number] = [Buffer.alloc(0), 0];
  return (bytes, to) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 4 && rest.length >= rest.readUInt32BE(0)) {
      const length = rest.readUInt32BE(0);
      to.write(rest.subarray(0, length));
      rest = rest.subarray(length);
      onMessage(number);
      number += 1;
    }
  };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

suite('An undefine that is killed', { timeout: 300_000 }, () => {
  const bench = useOperationBench();
  let [pool, outside] = ['', ''];

  before(async () => {
    pool = join(bench.daemon.folder, 'pool');
    outside = join(bench.daemon.folder, 'outside');
    await mkdir(pool);
    await mkdir(outside);
    await bench.daemon.virsh('pool-create-as', 'images', 'dir', '--target', pool);
  });

  test('after any of its steps is repeated to its end, and nothing else is lost', async () => {
    let steps = 0;
    for (let step = 0; step < MANY; step += 1) {
      const wasKilled = await tryStep(step);
      if (!wasKilled) break;
      steps += 1;
    }
    // Look-up, metadata, three files, undefine: each of them several messages.
    assert.ok(steps > 8 && steps < MANY, String(steps));
  });

  async function tryStep(step: number): Promise<boolean> {
    const name = `victim-${step}`;
    const files = [join(pool, `${name}-a`), join(outside, `${name}-b`), join(pool, `${name}-c`)];
    const kept = [join(pool, `${name}-kept`), join(outside, `${name}-kept`)];
    for (const file of [...files, ...kept]) await writeFile(file, file);
    await bench.daemon.virsh('pool-refresh', 'images');
    const disks = files.map(
      (file, index) =>
        `<disk type="file"><source file="${file}"/><target dev="vd${'abc'[index] ?? ''}" bus="virtio"/></disk>`,
    );
    const target = await bench.define(name, (xml) =>
      xml.replace('</devices>', `${disks.join('')}</devices>`),
    );
    const wasKilled = await killAfter(step, target);
    const isThere = () =>
      bench.daemon.virsh('domuuid', name).then(
        () => true,
        () => false,
      );
    // What had arrived may still be carried out.
    if (await isThere()) await endIt(target, files);
    await eventually('it is gone', async () => !(await isThere()));
    assert.deepEqual(await Promise.all(files.map(exists)), [false, false, false], `after ${step} messages`);
    for (const file of kept) assert.equal(await readFile(file, 'utf8'), file);
    assert.equal(await bench.daemon.virsh('pool-list', '--name', '--all'), 'images');
    return wasKilled;
  }

  /** As a person does who finds it again: with what had been chosen, or with a new choice where nothing was done. */
  async function endIt(target: DomainTarget, files: readonly string[]): Promise<void> {
    await bench.host.refresh({ kind: 'domain', key: target.uuid });
    const again = new DomainTarget(bench.host, target.uuid);
    const left = await findLeftovers(again, {});
    if (left.files.length < files.length)
      assert.deepEqual(left.begun?.paths, files, 'it is known what was meant');
    const choices = { managedSave: true, snapshots: true, checkpoints: true, nvram: true, tpm: true };
    await undefineDomain(again, { ...choices, files: left.files }).catch((error: unknown) => {
      if (!/no longer there/u.test(String(error))) throw error;
    });
  }

  async function killAfter(step: number, { uuid }: DomainTarget): Promise<boolean> {
    await using proxy = await FaultProxy.start(bench.daemon.socket);
    let isArmed = false;
    let count = 0;
    const child = fork(
      join(import.meta.dirname, 'undefine-child.ts'),
      [proxy.through(bench.daemon.uri), uuid],
      {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      },
    );
    proxy.fault = {
      toDaemon: () =>
        eachMessage(() => {
          if (!isArmed) return;
          count += 1;
          if (count > step) child.kill('SIGKILL');
        }),
    };
    const ended = once(child, 'exit');
    await once(child, 'message');
    isArmed = true;
    child.send('go');
    const [, signal] = (await ended) as [number | null, NodeJS.Signals | null];
    return signal === 'SIGKILL';
  }
});
