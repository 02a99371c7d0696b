import assert from 'node:assert/strict';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { execa } from 'execa';
import type { DomainTarget } from '../../../../../src/model/inventory/domain-target.ts';
import { forceOffDomain } from '../../../../../src/model/operations/domain/force-off.ts';
import { findLeftovers, type Leftovers } from '../../../../../src/model/operations/domain/leftovers.ts';
import { startDomain } from '../../../../../src/model/operations/domain/start.ts';
import { undefineDomain, type UndefineChoices } from '../../../../../src/model/operations/domain/undefine.ts';
import { useOperationBench } from './support.ts';

const withDevice = (device: string) => (xml: string) => xml.replace('</devices>', `${device}</devices>`);
const NOTHING: UndefineChoices = {
  managedSave: false,
  snapshots: false,
  checkpoints: false,
  nvram: false,
  tpm: false,
  files: [],
};

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function fileDisk(path: string, target: string, more = ''): string {
  return `<disk type="file"><driver name="qemu" type="qcow2"/><source file="${path}"/><target dev="${target}" bus="virtio"/>${more}</disk>`;
}

const named = ({ files }: Leftovers) => files.map(({ role, path }) => [role, path]);

suite('Undefining a domain', { timeout: 180_000 }, () => {
  const bench = useOperationBench();
  let folder = '';
  const at = (name: string) => join(folder, name);
  const image = async (path: string, backing?: string) => {
    const from = backing === undefined ? [] : ['-b', backing, '-F', 'qcow2'];
    await execa('qemu-img', ['create', '-q', '-f', 'qcow2', ...from, path, '1M']);
  };
  const refreshed = async () => {
    await bench.daemon.virsh('pool-refresh', 'images');
  };

  before(async () => {
    folder = join(bench.daemon.folder, 'pool');
    await mkdir(folder);
    await bench.daemon.virsh('pool-create-as', 'images', 'dir', '--target', folder);
  });

  test('takes what was chosen of what it had, and nothing else', async () => {
    for (const name of ['kept', 'lost']) await image(at(name));
    await refreshed();
    const disks = fileDisk(at('kept'), 'vda') + fileDisk(at('lost'), 'vdb');
    const target = await bench.define('full', withDevice(disks));
    await startDomain(target, {});
    await bench.daemon.virsh('managedsave', 'full');
    await bench.host.refresh({ kind: 'domain', key: target.uuid });
    const left = await findLeftovers(target, {});
    assert.deepEqual([left.managedSave, left.kept], [true, []]);
    assert.deepEqual(named(left), [
      ['disk', at('kept')],
      ['disk', at('lost')],
    ]);
    const files = left.files.filter(({ name }) => name === 'lost');
    await assert.rejects(undefineDomain(target, { ...NOTHING, files }), {
      code: 'in-use',
      hint: /Nothing was deleted/u,
    });
    assert.ok(await exists(at('lost')), 'as long as the definition stays');
    await undefineDomain(target, { ...NOTHING, managedSave: true, files });
    assert.equal(target.record, undefined);
    assert.deepEqual([await exists(at('kept')), await exists(at('lost'))], [true, false]);
  });

  test('with nothing but checkpoints takes their records along', async () => {
    await image(at('tracked.qcow2'));
    const target = await bench.define('tracked', withDevice(fileDisk(at('tracked.qcow2'), 'vda')));
    await startDomain(target, {});
    await bench.daemon.virsh('checkpoint-create-as', 'tracked', 'first');
    await forceOffDomain(target, {});
    const left = await findLeftovers(target, {});
    assert.deepEqual([left.snapshots, left.checkpoints], [0, 1]);
    await undefineDomain(target, { ...NOTHING, checkpoints: true });
    assert.equal(target.record, undefined);
    assert.ok(await exists(at('tracked.qcow2')));
  });

  test('names its NVRAM however that is given, and deletes it only where it is a file', async () => {
    const loader = '<loader readonly="yes" type="pflash">/usr/share/OVMF/OVMF_CODE.fd</loader>';
    const forms = [
      ['plain', (file: string) => `<nvram>${file}</nvram>`, true],
      ['source', (file: string) => `<nvram type="file"><source file="${file}"/></nvram>`, true],
      ['block', (file: string) => `<nvram type="block"><source dev="${file}"/></nvram>`, false],
    ] as const;
    for (const [form, nvram, canDelete] of forms) {
      const file = at(`${form}.fd`);
      await writeFile(file, form);
      const target = await bench.define(`nvram-${form}`, (xml) =>
        xml.replace(/<kernel>.*<\/kernel>/u, `${loader}${nvram(file)}`),
      );
      const left = await findLeftovers(target, {});
      assert.deepEqual(left.nvram, { place: file, canDelete }, form);
      await undefineDomain(target, { ...NOTHING, nvram: true });
      assert.equal(await exists(file), !canDelete, form);
    }
  });

  test('keeps the state of a TPM unless that was chosen', async (context) => {
    if (!(await exists('/usr/bin/swtpm'))) return context.skip('without swtpm there is no TPM to define');
    for (const tpm of [false, true])
      for (const persistent of ['yes', 'no']) {
        const name = `tpm-${tpm}-${persistent}`;
        const target = await bench.define(
          name,
          withDevice(
            `<tpm model="tpm-tis"><backend type="emulator" version="2.0" persistent_state="${persistent}"/></tpm>`,
          ),
        );
        const state = join(bench.daemon.folder, 'lib/swtpm', target.uuid, 'tpm2');
        await mkdir(state, { recursive: true });
        await writeFile(join(state, 'tpm2-00.permall'), 'keys');
        assert.deepEqual((await findLeftovers(target, {})).tpm, { fate: 'chosen' });
        await undefineDomain(target, { ...NOTHING, tpm });
        assert.equal(await exists(state), !tpm, name);
      }
  });

  test('says that libvirt deletes the state of a TPM when its domain stops', async (context) => {
    if (!(await exists('/usr/bin/swtpm'))) return context.skip('without swtpm there is no TPM to define');
    const target = await bench.define(
      'tpm-busy',
      withDevice('<tpm model="tpm-tis"><backend type="emulator" version="2.0"/></tpm>'),
    );
    await startDomain(target, {});
    const state = join(bench.daemon.folder, 'lib/swtpm', target.uuid);
    assert.deepEqual(
      [(await findLeftovers(target, {})).tpm, await exists(state)],
      [{ fate: 'deleted' }, true],
    );
    await undefineDomain(target, NOTHING);
    await forceOffDomain(target, {});
    assert.equal(await exists(state), false);
  });

  test('keeps the state of a TPM also by the definition, as libvirts without the flag need it', async (context) => {
    if (!(await exists('/usr/bin/swtpm'))) return context.skip('without swtpm there is no TPM to define');
    const target = await bench.define(
      'tpm-old',
      withDevice('<tpm model="tpm-tis"><backend type="emulator" version="2.0"/></tpm>'),
    );
    const state = join(bench.daemon.folder, 'lib/swtpm', target.uuid, 'tpm2');
    await mkdir(state, { recursive: true });
    const connection = await bench.host.connect();
    const flags: number[] = [];
    const old: unknown = Object.assign(Object.create(connection) as object, {
      libVersion: async () => '8.0.0',
      domains: Object.assign(Object.create(connection.domains) as object, {
        defineXml: async (xml: string) => connection.domains.defineXml(xml),
        xml: async (...args: Parameters<typeof connection.domains.xml>) => connection.domains.xml(...args),
        undefine: async (...args: Parameters<typeof connection.domains.undefine>) => {
          flags.push(args[1] ?? 0);
          await connection.domains.undefine(...args);
        },
      }),
    });
    const host = { connect: async () => old, refresh: async () => undefined };
    const asOld: unknown = { host, uuid: target.uuid, record: target.record };
    await undefineDomain(asOld as DomainTarget, NOTHING);
    assert.deepEqual(flags, [8], 'nothing that it would refuse');
    assert.ok(await exists(state));
  });

  test('offers disks that are volumes of pools, and those outside of all pools', async () => {
    const outside = join(bench.daemon.folder, 'outside');
    await mkdir(outside);
    await image(at('by-name.qcow2'));
    await image(join(outside, 'a b.qcow2'));
    await writeFile(join(outside, 'other'), 'somebody else’s');
    await refreshed();
    const volume = '<source pool="images" volume="by-name.qcow2"/><target dev="vda" bus="virtio"/>';
    const off = '<source pool="off" volume="x"/><target dev="vdc" bus="virtio"/>';
    const target = await bench.define(
      'volumes',
      withDevice(
        `<disk type="volume">${volume}</disk><disk type="volume">${off}</disk>${fileDisk(join(outside, 'a b.qcow2'), 'vdb')}`,
      ),
    );
    const left = await findLeftovers(target, {});
    assert.deepEqual(
      left.files.map(({ path, pool }) => [path, pool]),
      [
        [at('by-name.qcow2'), 'images'],
        [join(outside, 'a b.qcow2'), undefined],
      ],
    );
    assert.deepEqual(left.kept, [{ name: 'off/x', why: { kind: 'pool-off', pool: 'off' } }]);
    await undefineDomain(target, { ...NOTHING, files: left.files });
    assert.deepEqual(await Promise.all(left.files.map(({ path }) => exists(path))), [false, false]);
    assert.ok(await exists(join(outside, 'other')));
    assert.equal(await bench.daemon.virsh('pool-list', '--name', '--all'), 'images', 'no pool is left of it');
  });

  test('never offers what another domain or another image needs', async () => {
    await image(at('base.qcow2'));
    await image(at('own.qcow2'), at('base.qcow2'));
    await image(at('theirs.qcow2'), at('base.qcow2'));
    await image(at('both.qcow2'));
    await image(at('private-base.qcow2'));
    await image(at('private.qcow2'), at('private-base.qcow2'));
    for (const iso of ['seed.iso', 'debian.iso']) await writeFile(at(iso), iso);
    await refreshed();
    const cd = (name: string, target: string) =>
      `<disk type="file" device="cdrom"><source file="${at(name)}"/><target dev="${target}" bus="ide"/></disk>`;
    await bench.define('neighbour', withDevice(fileDisk(at('both.qcow2'), 'vda') + cd('debian.iso', 'hda')));
    const target = await bench.define(
      'shared',
      withDevice(
        ['own', 'both', 'private']
          .map((name, index) => fileDisk(at(`${name}.qcow2`), `vd${'abc'[index] ?? ''}`))
          .join('') +
          cd('seed.iso', 'hda') +
          cd('debian.iso', 'hdb'),
      ),
    );
    const left = await findLeftovers(target, {});
    assert.deepEqual(named(left), [
      ['disk', at('own.qcow2')],
      ['disk', at('private.qcow2')],
      ['backing', at('private-base.qcow2')],
      ['medium', at('seed.iso')],
    ]);
    assert.deepEqual(left.kept, [
      { name: at('base.qcow2'), why: { kind: 'used', by: [at('theirs.qcow2')] } },
      { name: at('both.qcow2'), why: { kind: 'used', by: ['neighbour'] } },
      { name: at('debian.iso'), why: { kind: 'used', by: ['neighbour'] } },
    ]);
    await undefineDomain(target, { ...NOTHING, files: left.files });
    for (const name of ['base', 'theirs', 'both']) assert.ok(await exists(at(`${name}.qcow2`)), name);
  });

  test('offers what external snapshots left, down to the first image', async () => {
    await image(at('deep.qcow2'));
    await refreshed();
    const target = await bench.define('deep', withDevice(fileDisk(at('deep.qcow2'), 'vda')));
    await startDomain(target, {});
    const memory = at('deep.memory');
    await bench.daemon.virsh('snapshot-create-as', 'deep', 'one', '--memspec', `file=${memory}`);
    await bench.daemon.virsh('snapshot-create-as', 'deep', 'two', '--disk-only');
    await forceOffDomain(target, {});
    const left = await findLeftovers(target, {});
    assert.equal(left.snapshots, 2);
    assert.deepEqual(
      new Map(left.files.map(({ path, role }) => [path, role])),
      new Map([
        [at('deep.two'), 'disk'],
        [at('deep.one'), 'backing'],
        [at('deep.qcow2'), 'backing'],
        [memory, 'snapshot'],
      ]),
    );
    await undefineDomain(target, { ...NOTHING, snapshots: true, files: left.files });
    assert.deepEqual(await Promise.all(left.files.map(({ path }) => exists(path))), [
      false,
      false,
      false,
      false,
    ]);
  });

  test('of one that runs offers no file, and lets it run on', async () => {
    await image(at('busy.qcow2'));
    const target = await bench.define('busy', withDevice(fileDisk(at('busy.qcow2'), 'vda')));
    const { files } = await findLeftovers(target, {});
    await startDomain(target, {});
    assert.deepEqual((await findLeftovers(target, {})).files, []);
    await assert.rejects(undefineDomain(target, { ...NOTHING, files }), { code: 'in-use' });
    await undefineDomain(target, NOTHING);
    assert.deepEqual([target.record?.state, target.record?.persistent], ['running', false]);
    await forceOffDomain(target, {});
    assert.ok(await exists(at('busy.qcow2')));
  });
});
