import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { domainXml } from '../../../../src/model/guest/domain-xml.ts';
import type { GuestSpec } from '../../../../src/model/guest/guest-spec.ts';
import { ownershipElement, ownershipIn } from '../../../../src/model/guest/ownership.ts';
import { child, children, parseXml, text } from '../../../../src/client/libvirt/xml-object.ts';

const base: GuestSpec = { name: 'web', type: 'qemu', memoryKiB: 65_536 };

function devices(spec: Partial<GuestSpec>) {
  return child(child(parseXml(domainXml({ ...base, ...spec })), 'domain'), 'devices');
}

function os(spec: Partial<GuestSpec>) {
  return child(child(parseXml(domainXml({ ...base, ...spec })), 'domain'), 'os');
}

suite('The domain of a guest', () => {
  test('what a person wrote cannot become markup', () => {
    const name = `a<b>&"'</name>`;
    const xml = domainXml({
      ...base,
      name,
      direct: { kernel: `/k'"<&>`, cmdline: `a=<x> b="y" c='z' &amp;` },
      filesystems: [{ driver: '9p', source: `/it's`, tag: `"<&>'` }],
    });
    const domain = child(parseXml(xml), 'domain');
    assert.equal(text(domain, 'name'), name);
    assert.equal(text(child(domain, 'os'), 'kernel'), `/k'"<&>`);
    assert.equal(text(child(domain, 'os'), 'cmdline'), `a=<x> b="y" c='z' &amp;`);
    const filesystem = child(child(domain, 'devices'), 'filesystem');
    assert.equal(text(child(filesystem, 'source'), '@dir'), `/it's`);
    assert.equal(text(child(filesystem, 'target'), '@dir'), `"<&>'`);
  });

  test('a character that XML cannot hold is refused', () => {
    assert.throws(() => domainXml({ ...base, name: 'a\0b' }), RangeError);
    assert.throws(() => domainXml({ ...base, direct: { kernel: '/k', cmdline: '\u001b[2J' } }), RangeError);
  });

  test('disks are named as their bus names them', () => {
    const file = (name: string) => ({ source: { file: `/${name}` }, format: 'raw' }) as const;
    const targets = (machine: string) =>
      children(
        devices({ machine, disks: [file('a'), file('b'), { ...file('seed'), device: 'cdrom' }, file('c')] }),
        'disk',
      ).map((disk) => text(child(disk, 'target'), '@dev'));
    assert.deepEqual(targets('q35'), ['vda', 'vdb', 'sda', 'vdc']);
    assert.deepEqual(targets('pc'), ['vda', 'vdb', 'hda', 'vdc']);
    const many = Array.from({ length: 28 }, (_, index) => file(String(index)));
    assert.equal(text(child(children(devices({ disks: many }), 'disk')[27] ?? {}, 'target'), '@dev'), 'vdab');
  });

  test('nothing that an image names is opened, except what the disk itself says that it starts from', () => {
    const backingOf = (disk: NonNullable<GuestSpec['disks']>[number]) => {
      const [found = {}] = children(devices({ disks: [disk] }), 'disk');
      const chain: unknown[] = [];
      for (let at = found; 'backingStore' in at; at = child(at, 'backingStore'))
        chain.push(text(child(child(at, 'backingStore'), 'source'), '@file'));
      return chain;
    };
    const source = { file: '/d' };
    for (const format of ['qcow2', 'raw', 'vmdk', 'vdi'] as const)
      for (const device of ['disk', 'cdrom'] as const)
        assert.deepEqual(backingOf({ source, format, device }), [undefined]);
    const backing = { file: '/base', format: 'qcow2' };
    assert.deepEqual(backingOf({ source, format: 'qcow2', backing: { ...backing, hasOwn: false } }), [
      '/base',
      undefined,
    ]);
    assert.deepEqual(backingOf({ source, format: 'qcow2', backing: { ...backing, hasOwn: true } }), [
      '/base',
    ]);
  });

  test('a kernel of the host is booted instead of a disk', () => {
    const disk = { source: { file: '/d' }, format: 'raw' } as const;
    const direct = os({ direct: { kernel: '/k', initrd: '/i' }, disks: [disk] });
    assert.equal(text(direct, 'initrd'), '/i');
    assert.deepEqual(children(direct, 'boot'), []);
    const orders = children(os({ disks: [disk, { ...disk, device: 'cdrom' }] }), 'boot');
    assert.deepEqual(
      orders.map((each) => text(each, '@dev')),
      ['hd', 'cdrom'],
    );
  });

  test('each architecture has its machine and a CPU that runs what is built for it', () => {
    const machine = (arch: GuestSpec['arch']) => text(child(os({ arch }), 'type'), '@machine');
    assert.deepEqual(
      ['x86_64', 'i686', 'aarch64', 'riscv64'].map((arch) => machine(arch as 'x86_64')),
      ['q35', 'pc', 'virt', 'virt'],
    );
    assert.match(domainXml({ ...base, type: 'kvm' }), /<cpu mode='host-passthrough'\/>/);
    assert.match(domainXml({ ...base, arch: 'aarch64' }), /<model fallback='forbid'>cortex-a57<\/model>/);
  });

  test('aarch64 has ACPI only with UEFI, which libvirt insists on', () => {
    assert.doesNotMatch(domainXml({ ...base, arch: 'aarch64' }), /<acpi\/>/);
    assert.match(domainXml({ ...base, arch: 'aarch64', firmware: 'uefi' }), /<acpi\/>/);
    assert.match(domainXml(base), /<acpi\/>/);
  });

  test('says whose it is, and reads it again', () => {
    const owner = { by: 'environment', id: '/home/me/<work>', guest: 'web', hash: 'abc' };
    const xml = domainXml({ ...base, metadata: [ownershipElement(owner)] });
    assert.deepEqual(ownershipIn(xml), owner);
    assert.equal(ownershipIn(domainXml(base)), undefined);
  });
});
