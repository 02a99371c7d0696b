import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { isLibvirtError } from '../../../../../src/client/libvirt/error.ts';
import { Host, type ObjectsChange, type Watch } from '../../../../../src/model/inventory/host.ts';
import type { KindName, ObjectName, ObjectRecord } from '../../../../../src/model/inventory/kinds/kind.ts';
import { allKinds, kindOf } from '../../../../../src/model/inventory/kinds/kinds.ts';
import { networkKind } from '../../../../../src/model/inventory/kinds/network.ts';
import { poolKind } from '../../../../../src/model/inventory/kinds/pool.ts';
import { defineObject, isGone, listObjects, readObject } from '../../../../../src/model/inventory/objects.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../../support/private-daemon.ts';
import { tinyOsXml } from '../../../../support/tiny-os.ts';
import { until } from '../../../support/until.ts';

let daemon: PrivateDaemon;
before(async () => {
  daemon = await startPrivateDaemon();
  // A snapshot needs something to write into.
  const disk = join(daemon.folder, 'disk.qcow2');
  await execa('qemu-img', ['create', '-q', '-f', 'qcow2', disk, '1M']);
  const kernel = await daemon.tinyOsElf();
  const device = `<disk type='file'><driver name='qemu' type='qcow2'/><source file='${disk}'/><target dev='hda'/></disk>`;
  await daemon.define(tinyOsXml({ name: 'guest', kernel }).replace('</devices>', `${device}</devices>`));
});
after(() => daemon?.dispose());

/** One object of each kind that libvirt lets us make, and where its driver is: QEMU's daemon, or libvirt's test driver. */
const MADE: Readonly<Partial<Record<KindName, { readonly driver: 'qemu' | 'test'; readonly xml: string }>>> =
  {
    network: { driver: 'qemu', xml: '<network><name>made</name></network>' },
    pool: {
      driver: 'qemu',
      xml: "<pool type='dir'><name>made</name><target><path>/nowhere</path></target></pool>",
    },
    volume: { driver: 'test', xml: "<volume><name>made</name><capacity unit='MiB'>1</capacity></volume>" },
    snapshot: { driver: 'qemu', xml: '<domainsnapshot><name>made</name></domainsnapshot>' },
    checkpoint: { driver: 'test', xml: '<domaincheckpoint><name>made</name></domaincheckpoint>' },
    secret: {
      driver: 'qemu',
      xml: "<secret ephemeral='no' private='no'><usage type='volume'><volume>made</volume></usage></secret>",
    },
    filter: { driver: 'qemu', xml: "<filter name='made'/>" },
    interface: {
      driver: 'test',
      xml: "<interface type='ethernet' name='made0'><start mode='none'/><mac address='52:54:00:00:00:01'/></interface>",
    },
  };

async function connected(driver: 'qemu' | 'test'): Promise<Host> {
  const uri = driver === 'qemu' ? daemon.uri : daemon.testUri;
  const host = new Host({ name: 'host', uri, origin: 'configured' });
  await host.connect();
  return host;
}

/** The first object that another one can be made in. */
async function parentFor(host: Host, kind: KindName): Promise<{ readonly parent?: string }> {
  const { parent } = kindOf(kind);
  if (parent === undefined) return {};
  const [key] = (await listObjects(await host.connect(), parent)).keys();
  assert.ok(key);
  return { parent: key };
}

suite('Every kind of object', () => {
  for (const [kind, { driver, xml }] of Object.entries(MADE) as [KindName, (typeof MADE)['pool'] & object][])
    test(`${kind}: is defined and known at once, listed, read, undefined, and then gone`, async () => {
      const host = await connected(driver);
      try {
        const connection = await host.connect();
        const place = await parentFor(host, kind);
        const watch = host.watch(kindOf(kind), place.parent);
        await watch.objects.settled();
        const { name } = await defineObject(host, kind, xml, place);
        assert.ok(watch.objects.records.has(name.key), 'known when the call returns');
        watch.dispose();
        const listed = (await listObjects(connection, kind, place.parent)).get(name.key);
        assert.match(listed?.name ?? '', /^made/u);
        const { xml: read } = await readObject(connection, name);
        assert.match(read, new RegExp(`^<${kindOf(kind).xml.root}\\b`, 'u'));
        const { undefine, readOne } = kindOf(kind);
        await undefine({ connection, parent: name.parent }, name.key);
        const error: unknown = await readOne({ connection, parent: name.parent }, name.key).catch(
          (reason: unknown) => reason,
        );
        assert.ok(isGone(name, error), String(error));
      } finally {
        host.disconnect();
      }
    });

  test('that a driver has is listed by name, in as many calls as there are lists', async () => {
    const host = await connected('test');
    try {
      for (const kind of allKinds().filter(({ parent }) => parent === undefined)) {
        const objects = await listObjects(await host.connect(), kind.name).catch((error: unknown) => {
          assert.ok(isLibvirtError(error), `${kind.name}: ${String(error)}`);
          return undefined;
        });
        for (const { name } of objects?.values() ?? []) assert.ok(name !== '', kind.name);
      }
    } finally {
      host.disconnect();
    }
  });
});

suite('Objects that somebody reads', () => {
  let host: Host;
  const changes: ObjectsChange[] = [];
  const errors: unknown[] = [];
  before(async () => {
    host = await connected('qemu');
    host.onChange((change) => {
      if (change.kind === 'objects' && change.of !== 'domain') changes.push(change);
    });
    host.onError((error) => errors.push(error));
  });
  after(() => {
    host?.disconnect();
    assert.deepEqual(errors, []);
  });

  const define = (name: string) => daemon.define(`<network><name>${name}</name></network>`, 'net-define');
  const names = ({ objects }: Watch<ObjectRecord>) =>
    [...objects.records.values()].map(({ name }) => name).toSorted();

  test('are followed from the first reader to the last', async () => {
    await define('before');
    const first = host.watch(networkKind);
    const second = host.watch(networkKind);
    await first.objects.settled();
    assert.deepEqual(names(first), ['before']);
    await define('during');
    await until(host, () => names(second).includes('during'));
    first.dispose();
    first.dispose();
    await daemon.virsh('net-undefine', 'during');
    await until(host, () => !names(second).includes('during'));
    second.dispose();
    assert.equal(second.objects.isTracked, false);
    changes.length = 0;
    await define('after');
    const again = host.watch(networkKind);
    await again.objects.settled();
    assert.deepEqual(names(again), ['after', 'before']);
    again.dispose();
    // What was announced is the new reading, and nothing that happened while nobody read.
    assert.deepEqual(
      changes.map(({ added }) => added.length),
      [2],
    );
  });

  test('get what takes a call for each when they are about to be seen', async () => {
    const watch = host.watch(networkKind);
    try {
      await watch.objects.settled();
      assert.ok([...watch.objects.records.values()].every(({ details }) => details === undefined));
      await watch.objects.completed();
      const [record] = watch.objects.records.values();
      assert.deepEqual(record?.details?.forward, undefined);
      assert.match(record?.details?.bridge ?? '', /^virbr/u);
    } finally {
      watch.dispose();
    }
  });

  test('are told of as touched when only their XML is another one', async () => {
    const watch = host.watch(networkKind);
    try {
      await watch.objects.completed();
      changes.length = 0;
      const [uuid = ''] = watch.objects.records.keys();
      const name: ObjectName = { kind: 'network', key: uuid };
      const { xml } = await readObject(await host.connect(), name);
      const more = xml.replace('</name>', "</name><domain name='example.org'/>");
      await defineObject(host, 'network', more, name);
      await until(host, () => changes.some(({ touched }) => touched.includes(uuid)));
      assert.ok(changes.every(({ changed }) => changed.length === 0));
    } finally {
      watch.dispose();
    }
  });

  test('that a driver does not have are none, with its words', async () => {
    const other = await connected('test');
    try {
      const watch = other.watch(kindOf('filter'));
      await watch.objects.settled();
      assert.equal(watch.objects.records.size, 0);
      assert.ok(isLibvirtError(watch.objects.problem));
    } finally {
      other.disconnect();
    }
  });

  test('are read again on the next connection', async () => {
    const other = await connected('qemu');
    try {
      const watch = other.watch(poolKind);
      await watch.objects.settled();
      other.disconnect();
      assert.equal(watch.objects.isTracked, false);
      await daemon.define(
        "<pool type='dir'><name>later</name><target><path>/tmp</path></target></pool>",
        'pool-define',
      );
      await other.connect();
      await until(other, () => names(watch).includes('later'));
    } finally {
      other.disconnect();
    }
  });
});
