import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { execa } from 'execa';
import type { DomainTarget } from '../../../../../src/model/inventory/domain-target.ts';
import type { ObjectTarget } from '../../../../../src/model/inventory/object-target.ts';
import { diskSize, growDisk } from '../../../../../src/model/operations/disk/grow.ts';
import { makeIndependent, mergeInto } from '../../../../../src/model/operations/disk/merge.ts';
import { moveDisk } from '../../../../../src/model/operations/disk/move.ts';
import { disksOf } from '../../../../../src/model/operations/disk/on-disk.ts';
import { createPool } from '../../../../../src/model/operations/pool/create.ts';
import { useOperationBench } from '../domain/support.ts';

const MIB = 1024n ** 2n;
const SIZE = 32n * MIB;

suite('A disk of a running domain', () => {
  const bench = useOperationBench();
  let fast: ObjectTarget;
  const at = (name: string) => join(bench.daemon.folder, name);
  before(async () => {
    const plan = { name: 'fast', uuid: randomUUID(), type: 'dir', path: at('fast') } as const;
    fast = await createPool(bench.host, { plan, build: true, overwrite: false });
  });

  /** An image with a pattern of its own, on another one if it is named. */
  async function image(name: string, pattern: number, below?: string): Promise<void> {
    const backing = below === undefined ? [] : ['-b', at(below), '-F', 'qcow2'];
    await execa('qemu-img', ['create', '-q', '-f', 'qcow2', ...backing, at(name), String(SIZE)]);
    const write = `write -P ${pattern} ${pattern}M 1M`;
    await execa('qemu-io', ['-f', 'qcow2', '-c', write, at(name)]);
    await execa('chmod', ['666', at(name)]);
  }
  async function start(name: string, file: string): Promise<DomainTarget> {
    const target = await bench.define(name, (xml) =>
      xml.replace(
        '</devices>',
        `<disk type='file'><driver name='qemu' type='qcow2'/><source file='${at(file)}'/><target dev='vda' bus='virtio'/></disk></devices>`,
      ),
    );
    await bench.daemon.virsh('start', name);
    await bench.host.refresh({ kind: 'domain', key: target.uuid });
    return target;
  }
  const stop = (name: string) => bench.daemon.virsh('destroy', name);
  const chain = async (domain: DomainTarget) => {
    const [disk] = await disksOf(domain);
    return disk?.chain.map(({ source }) => (source?.type === 'file' ? source.path : source));
  };
  const holds = (file: string, pattern: number, format = 'qcow2') =>
    execa('qemu-io', ['-r', '-f', format, '-c', `read -P ${pattern} ${pattern}M 1M`, file]).then(
      ({ stdout }) => assert.doesNotMatch(stdout, /failed/),
    );

  test('is moved to another pool and format, with all that is in it, and its definition follows', async () => {
    await image('moved.qcow2', 5);
    const domain = await start('mover', 'moved.qcow2');
    const fractions: number[] = [];
    const moved = await moveDisk(
      { domain, disk: 'vda' },
      { pool: fast, name: 'moved.raw', format: 'raw' },
      { progress: (fraction) => fractions.push(fraction) },
    );
    assert.deepEqual(moved, { from: { type: 'file', path: at('moved.qcow2') }, to: at('fast/moved.raw') });
    assert.deepEqual(await chain(domain), [at('fast/moved.raw')]);
    await stop('mover');
    await holds(at('fast/moved.raw'), 5, 'raw');
    await holds(at('moved.qcow2'), 5);
    assert.match(await bench.daemon.virsh('dumpxml', '--inactive', 'mover'), /fast\/moved\.raw/);
  });

  test('stays where it was when moving is given up, and the new volume is removed', async () => {
    await image('stays.qcow2', 6);
    const domain = await start('stayer', 'stays.qcow2');
    const abort = new AbortController();
    abort.abort();
    await assert.rejects(
      moveDisk(
        { domain, disk: 'vda' },
        { pool: fast, name: 'stays.qcow2', format: 'qcow2' },
        { signal: abort.signal },
      ),
      { name: 'AbortError' },
    );
    const late = new AbortController();
    const moving = moveDisk(
      { domain, disk: 'vda' },
      { pool: fast, name: 'late.qcow2', format: 'qcow2' },
      { signal: late.signal },
    );
    setTimeout(() => late.abort(), 150);
    await moving.then(
      () => undefined,
      async () => {
        assert.deepEqual(await chain(domain), [at('stays.qcow2')]);
        await assert.rejects(access(at('fast/late.qcow2')));
      },
    );
    await assert.rejects(access(at('fast/stays.qcow2')));
    await stop('stayer');
  });

  test('merges a chain of three into its base', async () => {
    await image('base.qcow2', 1);
    await image('middle.qcow2', 2, 'base.qcow2');
    await image('top.qcow2', 3, 'middle.qcow2');
    const domain = await start('merger', 'top.qcow2');
    assert.deepEqual(await chain(domain), [at('top.qcow2'), at('middle.qcow2'), at('base.qcow2')]);
    await mergeInto({ domain, disk: 'vda' }, { into: 2 });
    assert.deepEqual(await chain(domain), [at('base.qcow2')]);
    await stop('merger');
    for (const pattern of [1, 2, 3]) await holds(at('base.qcow2'), pattern);
  });

  test('is made independent of what lies below it', async () => {
    await image('shared.qcow2', 1);
    await image('own.qcow2', 4, 'shared.qcow2');
    const domain = await start('puller', 'own.qcow2');
    await makeIndependent({ domain, disk: 'vda' }, {});
    assert.deepEqual(await chain(domain), [at('own.qcow2')]);
    await stop('puller');
    for (const pattern of [1, 4]) await holds(at('own.qcow2'), pattern);
    const { stdout } = await execa('qemu-img', ['info', '--output=json', at('own.qcow2')]);
    assert.doesNotMatch(stdout, /backing-filename/);
  });

  test('grows while it runs, and while it does not', async () => {
    await image('grows.qcow2', 1);
    const domain = await start('grower', 'grows.qcow2');
    const disk = { domain, disk: 'vda' };
    assert.equal(await growDisk(disk, { capacity: 64n * MIB }), SIZE);
    assert.equal(await diskSize(disk), 64n * MIB);
    await assert.rejects(growDisk(disk, { capacity: SIZE }), { code: 'would-shrink' });
    await stop('grower');
    await bench.host.refresh({ kind: 'domain', key: domain.uuid });
    await assert.rejects(growDisk(disk, { capacity: 128n * MIB }), { code: 'disk-state' });
    await assert.rejects(makeIndependent(disk, {}), { code: 'disk-state' });
    const pool = { name: 'around', uuid: randomUUID(), type: 'dir', path: bench.daemon.folder } as const;
    await createPool(bench.host, { plan: pool, build: false, overwrite: false });
    await growDisk(disk, { capacity: 128n * MIB });
    assert.equal(await diskSize(disk), 128n * MIB);
  });
});
