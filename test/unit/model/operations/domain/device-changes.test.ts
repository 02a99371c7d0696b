import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { deviceChanges } from '../../../../../src/model/operations/domain/device-changes.ts';

const domain = (devices: string) =>
  `<domain><devices><emulator>/usr/bin/qemu</emulator>${devices}</devices></domain>`;

const DISK = `<disk type='file' device='disk'><source file='/a.qcow2'/><target dev='vda' bus='virtio'/></disk>`;
const LIVE_DISK = `<disk type='file' device='disk'><source file='/a.qcow2' index='1'/><backingStore/><target dev='vda' bus='virtio'/><alias name='virtio-disk0'/><address type='pci' slot='0x04'/></disk>`;
const CDROM = `<disk type='file' device='cdrom'><target dev='sda' bus='sata'/><readonly/></disk>`;
const FULL_CDROM = `<disk type='file' device='cdrom'><source file='/x.iso'/><target dev='sda' bus='sata'/><readonly/></disk>`;
const NIC = `<interface type='network'><mac address='52:54:00:00:00:01'/><source network='default'/></interface>`;
const LIVE_NIC = `<interface type='network'><mac address='52:54:00:00:00:01'/><source network='default' portid='1' bridge='virbr0'/><target dev='vnet3'/><alias name='net0'/></interface>`;

function changes(live: string, saved: string): readonly string[] {
  return deviceChanges(domain(live), domain(saved)).changes.map(({ verb, device }) => `${verb} ${device}`);
}

suite('What has to change for the devices that run to be those of the definition', () => {
  test('is nothing when only what starting adds differs', () => {
    const running =
      LIVE_DISK +
      LIVE_NIC +
      `<console type='pty' tty='/dev/pts/1'><source path='/dev/pts/1'/><target type='serial' port='0'/></console>`;
    const saved = DISK + NIC + `<console type='pty'><target type='serial' port='0'/></console>`;
    assert.deepEqual(deviceChanges(domain(running), domain(saved)), { changes: [], atNextStart: [] });
  });

  test('is plugging in and out', () => {
    assert.deepEqual(changes(LIVE_DISK, DISK + NIC), ['attach interface 52:54:00:00:00:01']);
    assert.deepEqual(changes(LIVE_DISK + LIVE_NIC, NIC), ['detach disk vda']);
  });

  test('is changing what has the same name', () => {
    assert.deepEqual(changes(CDROM, FULL_CDROM), ['update disk sda']);
  });

  test('waits for the next start where libvirt can do nothing', () => {
    const { changes, atNextStart } = deviceChanges(domain(''), domain(`<video><model type='vga'/></video>`));
    assert.deepEqual(changes, []);
    assert.deepEqual(atNextStart, ['video']);
  });

  test('is given to libvirt as the definition has it', () => {
    const [change] = deviceChanges(domain(''), domain(NIC)).changes;
    assert.match(change?.xml ?? '', /^<interface type='network'>\s+<mac address/u);
  });
});
