import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { attachDisk, detachDisk } from '../../../../../src/model/operations/disk/attach.ts';
import { changeMedia } from '../../../../../src/model/operations/disk/media.ts';
import { disksOf } from '../../../../../src/model/operations/disk/on-disk.ts';
import { useOperationBench } from '../domain/support.ts';

suite('The disks and drives of a domain', () => {
  const bench = useOperationBench();
  const at = (name: string) => join(bench.daemon.folder, name);
  const defined = (name: string) => bench.daemon.virsh('dumpxml', '--inactive', name);

  test('are added to what runs and to its definition, or to one of them', async () => {
    for (const name of ['one.img', 'two.img'])
      await writeFile(at(name), Buffer.alloc(1024 * 1024), { mode: 0o666 });
    const domain = await bench.define('adder');
    await bench.daemon.virsh('start', 'adder');
    await bench.host.refresh({ kind: 'domain', key: domain.uuid });
    const plan = (target: string, file: string) =>
      ({
        target,
        device: 'disk',
        bus: 'virtio',
        format: 'raw',
        source: { type: 'file', path: at(file) },
      }) as const;
    await attachDisk(domain, { plan: plan('vdb', 'one.img'), when: 'both' });
    await attachDisk(domain, { plan: plan('vdc', 'two.img'), when: 'next-start' });
    assert.deepEqual(
      (await disksOf(domain)).map(({ target }) => target),
      ['vdb'],
    );
    assert.match(await defined('adder'), /one\.img[^]*two\.img/);
    await detachDisk({ domain, disk: 'vdb' }, { when: 'next-start' });
    assert.doesNotMatch(await defined('adder'), /one\.img/);
    await bench.daemon.virsh('destroy', 'adder');
  });

  test('stay when the guest does not let go, in its definition too', async () => {
    await writeFile(at('held.img'), Buffer.alloc(1024 * 1024), { mode: 0o666 });
    const domain = await bench.define('holder');
    await bench.daemon.virsh('start', 'holder');
    await bench.host.refresh({ kind: 'domain', key: domain.uuid });
    const source = { type: 'file', path: at('held.img') } as const;
    const plan = { target: 'vdb', device: 'disk', bus: 'virtio', format: 'raw', source } as const;
    await attachDisk(domain, { plan, when: 'both' });
    // tiny-os knows of no hot-plugging.
    await assert.rejects(detachDisk({ domain, disk: 'vdb' }, { when: 'both', patienceMs: 3_000 }), {
      code: 'guest-refused',
    });
    assert.match(await defined('holder'), /held\.img/);
    await bench.daemon.virsh('destroy', 'holder');
  });

  test('get a medium, another one, and none', async () => {
    for (const name of ['a.iso', 'b.iso'])
      await writeFile(at(name), Buffer.alloc(2048 * 16), { mode: 0o644 });
    const domain = await bench.define('player', (xml) =>
      xml.replace(
        '</devices>',
        `<disk type='file' device='cdrom'><target dev='hdc' bus='ide'/><readonly/></disk></devices>`,
      ),
    );
    // Paused: firmware that looks through the drives moves their trays at any moment.
    await bench.daemon.virsh('start', 'player', '--paused');
    await bench.host.refresh({ kind: 'domain', key: domain.uuid });
    const disk = { domain, disk: 'hdc' };
    const medium = async () => (await disksOf(domain))[0]?.chain[0].source;
    for (const name of ['a.iso', 'b.iso']) {
      const source = { type: 'file', path: at(name) } as const;
      await changeMedia(disk, { source, when: 'both' });
      assert.deepEqual(await medium(), source);
      assert.ok((await defined('player')).includes(at(name)));
    }
    await changeMedia(disk, { source: undefined, when: 'both' });
    assert.equal(await medium(), undefined);
    assert.doesNotMatch(await defined('player'), /\.iso/);
    await bench.daemon.virsh('destroy', 'player');
  });
});
