import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { DomainTarget } from '../../../../../src/model/inventory/domain-target.ts';
import { setAutostart } from '../../../../../src/model/operations/domain/autostart.ts';
import { changeDevices } from '../../../../../src/model/operations/domain/change-devices.ts';
import { defineDomain } from '../../../../../src/model/operations/domain/define.ts';
import { readDefinition } from '../../../../../src/model/operations/domain/definition.ts';
import { dumpMemory } from '../../../../../src/model/operations/domain/dump-memory.ts';
import { forceOffDomain } from '../../../../../src/model/operations/domain/force-off.ts';
import { takePicture } from '../../../../../src/model/operations/domain/picture.ts';
import { nameProblem, renameDomain } from '../../../../../src/model/operations/domain/rename.ts';
import { startDomain } from '../../../../../src/model/operations/domain/start.ts';
import { readPng } from '../../../../../src/model/image/png.ts';
import { tinyOsXml } from '../../../../support/tiny-os.ts';
import { useOperationBench } from './support.ts';

const withDevice = (device: string) => (xml: string) => xml.replace('</devices>', `${device}</devices>`);

suite('What a domain is, and what it has', () => {
  const bench = useOperationBench();

  test('is defined, and named anew', async () => {
    const xml = tinyOsXml({ name: 'first', kernel: await bench.daemon.tinyOsElf() });
    const { uuid } = await defineDomain(bench.host, { xml });
    const target = new DomainTarget(bench.host, uuid);
    assert.equal(target.record?.name, 'first');
    await bench.define('other');
    assert.equal(nameProblem(target, 'other'), 'taken');
    assert.equal(nameProblem(target, 'first'), undefined, 'its own');
    await renameDomain(target, { name: 'second' });
    assert.equal(target.record?.name, 'second');
    assert.match(await readDefinition(target, {}), /<name>second<\/name>/u);
  });

  test('is started with its host, or not, which no event tells', async () => {
    const target = await bench.define('eager');
    await setAutostart(target, { enabled: true });
    assert.equal(target.record?.autostart, true);
    await setAutostart(target, { enabled: false });
    assert.equal(target.record?.autostart, false);
  });

  test('has its memory written to a file', async () => {
    const target = await bench.define('dumped');
    await startDomain(target, {});
    const path = join(bench.daemon.folder, 'memory.elf');
    const fractions: number[] = [];
    await dumpMemory(target, { path, format: 'elf' }, { progress: (fraction) => fractions.push(fraction) });
    await using file = await open(path);
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    assert.equal(buffer.toString('latin1'), '\u007fELF');
    assert.ok(fractions.every((fraction) => fraction >= 0 && fraction <= 1));
    assert.equal(target.record?.state, 'running');
    await forceOffDomain(target, {});
  });

  test('has its screen taken as a picture, as large as it is or small', async () => {
    const target = await bench.define(
      'seen',
      withDevice('<graphics type="vnc"><listen type="none"/></graphics><video><model type="vga"/></video>'),
    );
    await startDomain(target, {});
    const { width } = readPng(await takePicture(target, {}));
    assert.ok(width > 320, String(width));
    assert.equal(readPng(await takePicture(target, { maxWidth: 320 })).width, 320);
    await forceOffDomain(target, {});
  });

  test('gets the devices of its definition while it runs, as far as that can be', async () => {
    const target = await bench.define('changed');
    await startDomain(target, {});
    assert.deepEqual(await changeDevices(target, {}), { done: [], failed: [], atNextStart: [] });
    const rng = '<rng model="virtio"><backend model="random">/dev/urandom</backend></rng>';
    const impossible = '<disk type="file"><source file="/no/such"/><target dev="vdz" bus="virtio"/></disk>';
    const panic = '<panic model="isa"/>';
    const xml = await bench.daemon.virsh('dumpxml', '--inactive', 'changed');
    await defineDomain(bench.host, { xml: withDevice(rng + impossible + panic)(xml) });
    const { done, failed, atNextStart } = await changeDevices(target, {});
    assert.deepEqual(
      done.map(({ verb, device }) => `${verb} ${device}`),
      ['attach rng virtio'],
    );
    assert.deepEqual(
      failed.map(({ change: { verb, device } }) => `${verb} ${device}`),
      ['attach disk vdz'],
    );
    assert.deepEqual(atNextStart, ['panic isa']);
    assert.match(await bench.daemon.virsh('dumpxml', 'changed'), /<rng model='virtio'>/u);
    await forceOffDomain(target, {});
  });
});
