import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { domainXml } from '../../../../src/model/guest/domain-xml.ts';
import { GUEST_ARCHES, type GuestSpec } from '../../../../src/model/guest/guest-spec.ts';
import { ownershipElement, ownershipIn } from '../../../../src/model/guest/ownership.ts';
import { connect, type Connection } from '../../../../src/client/libvirt/connect.ts';
import { DefineDomain } from '../../../../src/client/libvirt/domain/domain.ts';
import { relaxngFolder, SchemaSet } from '../../../../src/language/schema/schema-set.ts';
import { validate } from '../../../../src/language/schema/validate.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../../support/private-daemon.ts';

const everything = {
  uuid: '7c0ffee0-0000-4000-8000-000000000001',
  title: 'All & everything',
  vcpus: 2,
  disks: [
    { source: { file: '/var/a.qcow2' }, format: 'qcow2', serial: 'one' },
    { source: { block: '/dev/null' }, format: 'raw', bus: 'scsi' },
    { source: { pool: 'default', volume: 'v' }, format: 'raw' },
    { source: { file: '/seed.iso' }, format: 'raw', device: 'cdrom' },
  ],
  interfaces: [
    { kind: 'network', network: 'default', mac: '52:54:00:00:00:01' },
    { kind: 'bridge', bridge: 'br0' },
    { kind: 'user' },
    { kind: 'passt', forwards: [{ hostPort: 8080, guestPort: 80 }] },
  ],
  serials: [{ log: '/var/log/a.log' }, {}],
  filesystems: [
    { driver: 'virtiofs', source: '/home', tag: 'home' },
    { driver: '9p', source: '/srv', tag: 'srv', readonly: true },
  ],
  graphics: {},
  tpm: true,
  agent: true,
  panic: true,
  balloon: true,
  onReboot: 'destroy',
  onCrash: 'preserve',
  metadata: [ownershipElement({ by: 'test' })],
  qemuArguments: ['-s', `-append 'x'`],
} satisfies Partial<GuestSpec>;

suite('Guests made from a description', () => {
  let daemon: PrivateDaemon;
  let connection: Connection;

  before(async () => {
    daemon = await startPrivateDaemon();
    connection = await connect(daemon.uri, AbortSignal.timeout(20_000));
  });
  after(async () => {
    connection?.close();
    await daemon.dispose();
  });

  for (const arch of GUEST_ARCHES)
    for (const firmware of ['bios', 'uefi', 'uefi-secure'] as const)
      test(`libvirt's schema accepts ${arch} with ${firmware}`, () => {
        const schema = new SchemaSet(relaxngFolder('/usr/share/libvirt/schemas')).get('domain');
        const xml = domainXml({ name: 'all', type: 'kvm', memoryKiB: 1024, arch, firmware, ...everything });
        assert.deepEqual(
          validate(parseDocument(xml), schema).map(
            ({ message, start, end }) => `${message}: ${xml.slice(start, end)}`,
          ),
          [],
        );
      });

  test('libvirt itself defines a guest with every device it can have here', async (context) => {
    const swtpm = await access('/usr/bin/swtpm').then(
      () => true,
      () => false,
    );
    if (!swtpm) context.diagnostic('without a TPM: there is no swtpm on this machine');
    const { domains } = connection;
    // Debian 12's libvirt knows passt in its schema only.
    const interfaces = everything.interfaces.filter(({ kind }) => kind !== 'passt');
    // And has no virtiofs for a user's own daemon.
    const isRoot = process.getuid?.() === 0;
    const filesystems = everything.filesystems.filter(({ driver }) => isRoot || driver !== 'virtiofs');
    const spec = {
      ...everything,
      interfaces,
      filesystems,
      tpm: swtpm,
      name: 'all',
      type: 'qemu',
      memoryKiB: 65_536,
    } as const;
    const domain = await domains.defineXml(domainXml(spec), DefineDomain.VALIDATE);
    const xml = await domains.xml(domain);
    assert.deepEqual(ownershipIn(xml), { by: 'test', id: undefined, guest: undefined, hash: undefined });
    assert.equal(await daemon.virsh('domname', everything.uuid), 'all');
    await domains.undefine(domain);
  });

  test('a multiboot kernel runs, and its serial log has what it says', async () => {
    const { domains } = connection;
    const log = join(daemon.folder, 'serial.log');
    const domain = await domains.createXml(
      domainXml({
        name: 'tiny',
        type: 'qemu',
        memoryKiB: 16_384,
        direct: { kernel: await daemon.tinyOsElf() },
        serials: [{ log }],
      }),
    );
    assert.equal(await daemon.virsh('domstate', 'tiny'), 'running');
    assert.match(await daemon.virsh('dumpxml', 'tiny'), /serial\.log/);
    await domains.destroy(domain);
  });

  test('what is written to a transient disk is gone when the guest stops', async () => {
    const { domains } = connection;
    const file = join(daemon.folder, 'disk.qcow2');
    await execa('qemu-img', ['create', '-q', '-f', 'qcow2', file, '1M']);
    const before = await readFile(file);
    const disks = [{ source: { file }, format: 'qcow2', transient: true }] as const;
    const domain = await domains.createXml(
      domainXml({ name: 'gone', type: 'qemu', memoryKiB: 65_536, disks }),
    );
    assert.match(await daemon.virsh('dumpxml', 'gone'), /<transient\/>/u);
    await domains.destroy(domain);
    assert.deepEqual(await readFile(file), before);
  });
});
