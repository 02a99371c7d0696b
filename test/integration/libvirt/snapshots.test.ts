import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ErrorCode } from '../../../src/libvirt/error.ts';
import {
  CreateSnapshot,
  DeleteSnapshot,
  ListSnapshots,
  RevertSnapshot,
} from '../../../src/libvirt/snapshot.ts';
import { ListDomains, UndefineDomain } from '../../../src/libvirt/domain.ts';
import { tinyOsXml } from '../../support/tiny-os.ts';
import { diskXml, makeDisk, refused, useBench } from './support.ts';

const names = (refs: readonly { readonly name: string }[]) => refs.map(({ name }) => name);
const xml = (name: string) => `<domainsnapshot><name>${name}</name></domainsnapshot>`;

suite('Snapshots', () => {
  const bench = useBench();

  test('form a tree on the test driver', async () => {
    const { snapshots } = bench.test;
    const domain = await bench.test.domains.lookupByName('test');
    assert.equal(await snapshots.hasCurrent(domain), false);
    await refused(snapshots.current(domain), ErrorCode.NO_DOMAIN_SNAPSHOT, /current snapshot/);
    const root = await snapshots.create(domain, xml('root'));
    const left = await snapshots.create(domain, xml('left'));
    await snapshots.revert(root, RevertSnapshot.RUNNING);
    const right = await snapshots.create(domain, xml('right'));
    assert.equal(root.domain.uuid, domain.uuid);

    assert.deepEqual(names(await snapshots.list(domain)).toSorted(), ['left', 'right', 'root']);
    assert.deepEqual(names(await snapshots.list(domain, ListSnapshots.ROOTS)), ['root']);
    assert.deepEqual(names(await snapshots.children(root)).toSorted(), ['left', 'right']);
    assert.deepEqual(names(await snapshots.children(root, ListSnapshots.DESCENDANTS)).length, 2);
    assert.equal((await snapshots.parent(left)).name, 'root');
    await refused(snapshots.parent(root), ErrorCode.NO_DOMAIN_SNAPSHOT, /does not have a parent/);
    assert.equal((await snapshots.current(domain)).name, 'right');
    assert.deepEqual([await snapshots.isCurrent(right), await snapshots.isCurrent(left)], [true, false]);
    assert.equal(await snapshots.hasMetadata(left), true);
    assert.equal((await snapshots.lookupByName(domain, 'left')).name, 'left');
    await refused(snapshots.lookupByName(domain, 'gone'), ErrorCode.NO_DOMAIN_SNAPSHOT, /gone/);
    assert.match(await snapshots.xml(left), /<parent>\s*<name>root<\/name>/);
    assert.deepEqual(names(await bench.test.domains.list(ListDomains.HAS_SNAPSHOT)), ['test']);

    await snapshots.delete(root, DeleteSnapshot.CHILDREN_ONLY);
    assert.deepEqual(names(await snapshots.list(domain)), ['root']);
    await snapshots.delete(root);
    assert.deepEqual(await snapshots.list(domain), []);
  });

  test('bring a guest of QEMU back to where it was', async () => {
    const { domains, snapshots } = bench.qemu;
    const path = await makeDisk(bench, 'snap', 64);
    const guest = tinyOsXml({ name: 'snap', kernel: await bench.daemon.tinyOsElf() });
    const domain = await domains.start(
      await domains.defineXml(guest.replace('<devices>', `<devices>${diskXml(path)}`)),
    );
    const running = await snapshots.create(domain, xml('running'), CreateSnapshot.VALIDATE);
    await domains.destroy(domain);
    const off = await snapshots.create(domain, '<domainsnapshot/>');
    assert.match(off.name, /^\d+$/);
    assert.deepEqual(names(await snapshots.list(domain, ListSnapshots.ACTIVE)), ['running']);
    assert.deepEqual(names(await snapshots.list(domain, ListSnapshots.INACTIVE)), [off.name]);
    await snapshots.revert(running, RevertSnapshot.PAUSED);
    assert.equal(await bench.daemon.virsh('domstate', 'snap'), 'paused');
    assert.equal(await bench.daemon.virsh('snapshot-current', 'snap', '--name'), 'running');
    await snapshots.delete(off, DeleteSnapshot.METADATA_ONLY);
    await domains.destroy(domain);
    await refused(domains.undefine(domain), ErrorCode.OPERATION_INVALID, /snapshots/);
    await domains.undefine(domain, UndefineDomain.SNAPSHOTS_METADATA);
  });
});
