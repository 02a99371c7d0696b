import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { faultIn } from '../../../../src/model/disk-image/disk-error.ts';

suite('What the words of QEMU and libvirt say about an image', () => {
  const blockdev = '-blockdev {"node-name":"libvirt-1-format","driver":"qcow2","file":"libvirt-1-storage"}:';

  test('is what is wrong with it', () => {
    const words = {
      'Cannot access storage file ‘/a’ (as uid:1, gid:1): No such file or directory': 'missing',
      'Cannot access backing file ‘/b’ of storage file ‘/a’ (as uid:1, gid:1): No such file or directory':
        'missing',
      "qemu-img: Could not open '/a': Could not open '/b': No such file or directory": 'missing',
      'internal error: backing store for /a is self-referential or too deeply nested': 'circle',
      [`${blockdev} qcow2 header too short`]: 'cut-off',
      "qemu-img: Could not open '/a': Could not read L1 table": 'cut-off',
      [`${blockdev} Image is not in qcow2 format`]: 'not-an-image',
    };
    for (const [text, fault] of Object.entries(words)) assert.equal(faultIn(text), fault, text);
  });

  test('is nothing where they are about something else', () => {
    for (const text of [
      'Cannot access storage file ‘/a’ (as uid:1, gid:1): Permission denied',
      'qemu: could not open kernel file ‘/k’: No such file or directory',
      'Requested operation is not valid: domain is already running',
      'Failed to get "write" lock',
    ])
      assert.equal(faultIn(text), undefined, text);
  });
});
