import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readOvf } from '../../../../../src/engines/environment/images/ovf.ts';
import { ovfEnvelope } from '../../../../support/hand-made-images.ts';

suite('The description of an appliance', () => {
  test('with thousands of disks is read in time that grows as it does', () => {
    const time = (disks: number) => {
      const xml = ovfEnvelope(Array.from({ length: disks }, (_, index) => `disk${index}.vmdk`));
      const runs = [1, 2, 3].map(() => {
        const start = process.cpuUsage();
        assert.equal(readOvf(xml).disks.length, disks);
        const { user, system } = process.cpuUsage(start);
        return user + system;
      });
      return Math.min(...runs);
    };
    time(1000);
    const [once, fourTimes] = [time(1000), time(4000)];
    // With each disk looked for among all it was sixteen times as much.
    assert.ok(fourTimes < 10 * once, `${once} µs for 1000 disks, ${fourTimes} µs for 4000`);
    assert.ok(fourTimes < 2_000_000, `${fourTimes} µs`);
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
