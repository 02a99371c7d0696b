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
    assert.deepEqual(readOvf(xml).disks, [
      { file: 'a.vmdk', bus: 'scsi' },
      { file: 'a.vmdk', bus: 'scsi' },
    ]);
  });
});
