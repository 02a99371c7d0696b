import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readOvf } from '../../../../../src/engines/environment/images/ovf.ts';
import { assertLinear } from '../../../../support/growth.ts';
import { ovfEnvelope } from '../../../../support/hand-made-images.ts';

suite('The description of an appliance', () => {
  test('with thousands of disks is read in time that grows as it does', async () => {
    const described = (disks: number) =>
      ovfEnvelope(Array.from({ length: disks }, (_, index) => `disk${index}.vmdk`));
    assert.equal(readOvf(described(4000)).disks.length, 4000);
    await assertLinear(1000, described, readOvf);
  });

  test('takes the first of several elements with one id, and the bus of its controller', () => {
    const xml = ovfEnvelope(['a.vmdk', 'b.vmdk'])
      .replace('id="f1"', 'id="f0"')
      .replace('fileRef="f1"', 'fileRef="f0"');
    assert.deepEqual(
      readOvf(xml).disks.map(({ file, bus }) => [file, bus]),
      [
        ['a.vmdk', 'scsi'],
        ['a.vmdk', 'scsi'],
      ],
    );
  });

  /** One with these elements after its disks. */
  const withHardware = (hardware: string, files: readonly string[] = ['a.vmdk']) =>
    readOvf(ovfEnvelope(files).replace('</VirtualHardwareSection>', `${hardware}</VirtualHardwareSection>`));
  const memory = (quantity: string, unit: string | undefined) =>
    `<Item><InstanceID>m</InstanceID><ResourceType>4</ResourceType>${unit === undefined ? '' : `<AllocationUnits>${unit}</AllocationUnits>`}<VirtualQuantity>${quantity}</VirtualQuantity></Item>`;

  test('has its memory in any unit, and in none that is not known', () => {
    for (const [quantity, unit, kib] of [
      ['4096', 'byte * 2^20', 4194304],
      ['4', 'byte*2^30', 4194304],
      ['4', 'GB', 4194304],
      ['4194304', 'KB', 4194304],
      ['4096', 'byte * 10^6', 4000000],
      ['4096', 'lots', undefined],
      ['4096', undefined, undefined],
      // Nobody means a machine of four bytes.
      ['4', 'byte', undefined],
    ] as const) {
      const found = withHardware(memory(quantity, unit));
      assert.equal(found.memoryKiB, kib, `${quantity} ${unit}`);
      assert.equal(found.memoryText, `${quantity} ${unit ?? ''}`.trim());
    }
  });

  test('names its firmware in the place of VMware, VirtualBox or XenServer', () => {
    const virtualBox = (type: string) =>
      readOvf(
        ovfEnvelope(['a.vmdk']).replace(
          '</VirtualSystem>',
          `<vbox:Machine><Hardware><Firmware type="${type}"/></Hardware></vbox:Machine></VirtualSystem>`,
        ),
      );
    for (const type of ['EFI', 'EFI32', 'EFI64', 'EFIDUAL'])
      assert.equal(virtualBox(type).firmware, 'uefi', type);
    assert.equal(virtualBox('BIOS').firmware, 'bios');
    const vmware = '<vmw:Config vmw:key="firmware" vmw:value="efi"/>';
    assert.equal(withHardware(vmware).firmware, 'uefi');
    const xen = (value: string) =>
      `<VirtualSystemOtherConfigurationData Name="HVM_boot_params"><Value>${value}</Value></VirtualSystemOtherConfigurationData>`;
    assert.equal(withHardware(xen('order=dc;firmware=uefi;')).firmware, 'uefi');
    assert.equal(withHardware(xen('order=dc')).firmware, 'bios');
  });

  test('refers to a disk or a file in every way that tools write', () => {
    for (const resource of [
      'ovf:/disk/d0',
      '/disk/d0',
      'ovf://disk/d0',
      'ovf:/file/f0',
      '/file/f0',
      'f0',
      'group/d0',
    ])
      assert.equal(
        readOvf(ovfEnvelope(['a.vmdk']).replace('ovf:/disk/d0', resource)).disks[0]?.file,
        'a.vmdk',
        resource,
      );
    assert.throws(
      () => readOvf(ovfEnvelope(['a.vmdk']).replace('ovf:/disk/d0', 'ovf:/disk/d7')),
      /no file for its disk d7/u,
    );
  });

  test('has empty disks with their size, and refuses differences and split files', () => {
    const empty = (capacity: string) =>
      readOvf(ovfEnvelope(['a.vmdk']).replace('fileRef="f0"', capacity)).disks[0];
    assert.deepEqual(empty('capacity="3" capacityAllocationUnits="byte * 2^30"'), {
      file: undefined,
      bytes: 3 * 1024 ** 3,
      format: undefined,
      bus: 'scsi',
    });
    assert.equal(empty('capacity="53687091200"')?.bytes, 53687091200);
    assert.equal(empty('capacity="${disk.size}" capacityAllocationUnits="GB"')?.bytes, undefined);
    assert.equal(empty('capacity="5" capacityAllocationUnits="barrels"')?.bytes, undefined);
    assert.throws(() => empty('fileRef="f0" parentRef="d7"'), /holds only what differs from another disk/u);
    assert.throws(
      () => readOvf(ovfEnvelope(['a.vmdk']).replace('href=', 'chunkSize="5" href=')),
      /join them to one file/u,
    );
  });

  test('leaves out the bounds of a range', () => {
    const bound = (which: string, quantity: string) =>
      memory(quantity, 'MB').replace('<Item>', `<Item bound="${which}">`);
    const { memoryKiB } = withHardware(`${bound('min', '1')}${bound('max', '9999')}${bound('normal', '64')}`);
    assert.equal(memoryKiB, 64 * 1024);
  });
});
