import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { filesOpened } from '../../../../src/model/disk-image/self-contained.ts';

suite('What QEMU opened with an image', () => {
  test('is found wherever its answer names it, as older and newer ones do', () => {
    const part =
      'json:{"driver": "vmdk", "file": {"driver": "raw", "offset": 0, "size": 9, "file": {"driver": "file", "filename": "/a.ova"}}}';
    const answer = {
      filename: part,
      children: [{ name: 'file', info: { filename: '/a.ova', 'virtual-size': 9 } }],
      'format-specific': {
        type: 'vmdk',
        data: { 'data-file': '/data.raw', extents: [{ filename: '/b.vmdk' }, { filename: '../secret' }] },
      },
    };
    assert.deepEqual(filesOpened(answer), ['/a.ova', '/a.ova', '/data.raw', '/b.vmdk', '../secret']);
  });

  test('is near nothing when it is no file', () => {
    assert.deepEqual(
      filesOpened({ filename: 'json:{"driver": "raw", "file": {"driver": "nbd", "host": "x"}}' }),
      [''],
    );
    assert.deepEqual(filesOpened({ filename: 'json:{"driver": "file"}' }), ['']);
    assert.deepEqual(filesOpened({ filename: 'nbd://x/y' }), ['nbd://x/y']);
  });
});
