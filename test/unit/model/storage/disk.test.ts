import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readDisks } from '../../../../src/model/storage/disk.ts';

const domain = (...disks: readonly string[]) => `<domain><devices>${disks.join('')}</devices></domain>`;

suite('The disks of a domain', () => {
  test('have their whole chain, down to the base, with the numbers that block jobs use', () => {
    const [disk] = readDisks(
      domain(`<disk type='file' device='disk'>
        <driver name='qemu' type='qcow2'/><source file='/a/top.qcow2' index='3'/>
        <backingStore type='file' index='2'><format type='qcow2'/><source file='/a/middle.qcow2'/>
          <backingStore type='block' index='1'><format type='raw'/><source dev='/dev/base' index='1'/><backingStore/></backingStore>
        </backingStore>
        <target dev='vda' bus='virtio'/><alias name='virtio-disk0'/></disk>`),
    );
    assert.deepEqual(disk, {
      target: 'vda',
      device: 'disk',
      bus: 'virtio',
      alias: 'virtio-disk0',
      readOnly: false,
      shareable: false,
      transient: false,
      chain: [
        { source: { type: 'file', path: '/a/top.qcow2' }, format: 'qcow2', index: 3 },
        { source: { type: 'file', path: '/a/middle.qcow2' }, format: 'qcow2', index: 2 },
        { source: { type: 'block', path: '/dev/base' }, format: 'raw', index: 1 },
      ],
      chainKnown: true,
      trayOpen: false,
    });
  });

  test('have an empty drive among them, and one whose tray is open', () => {
    const disks = readDisks(
      domain(
        `<disk type='file' device='cdrom'><target dev='sda' bus='sata' tray='open'/><readonly/></disk>`,
        `<disk type='block' device='floppy'><target dev='fda'/></disk>`,
      ),
    );
    assert.deepEqual(
      disks.map(({ target, device, trayOpen, chain }) => [target, device, trayOpen, chain[0].source]),
      [
        ['sda', 'cdrom', true, undefined],
        ['fda', 'floppy', false, undefined],
      ],
    );
  });

  test('name a volume, a server, or what has no path, as they are', () => {
    const sources = readDisks(
      domain(
        `<disk type='volume'><source pool='p' volume='v'/><target dev='vda'/></disk>`,
        `<disk type='network'><source protocol='rbd' name='pool/image'><host name='mon' port='6789'/><host name='::1' port='1'/></source><target dev='vdb'/></disk>`,
        `<disk type='nvme'><source type='pci' namespace='1'/><target dev='vdc'/></disk>`,
        `<disk type='file'><source file='/x'/></disk>`,
      ),
    ).map(({ chain }) => chain[0].source);
    assert.deepEqual(sources, [
      { type: 'volume', pool: 'p', volume: 'v' },
      { type: 'network', protocol: 'rbd', name: 'pool/image', hosts: ['mon:6789', '[::1]:1'] },
      { type: 'other', of: 'nvme' },
    ]);
  });
});
