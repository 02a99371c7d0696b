import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { imageVersion, shortBanner, withoutKaslr } from '../../../../../src/engines/gdb/symbols/kernel.ts';

suite('A Linux kernel', () => {
  test('is booted without KASLR unless its command line says something about it', () => {
    assert.equal(withoutKaslr(undefined), 'nokaslr');
    assert.equal(withoutKaslr('console=ttyS0 quiet'), 'console=ttyS0 quiet nokaslr');
    assert.equal(withoutKaslr('kaslr quiet'), 'kaslr quiet');
  });

  test('tells its version in its boot image and in its banner', () => {
    const image = Buffer.alloc(0x1000);
    image.write('HdrS', 0x202);
    image.writeUInt16LE(0x400, 0x20e);
    image.write('6.1.0-40-cloud-amd64 (debian) #1\0', 0x600);
    assert.equal(imageVersion(image), '6.1.0-40-cloud-amd64');
    assert.equal(imageVersion(Buffer.alloc(0x1000)), undefined);
    assert.equal(shortBanner('Linux version 6.1.0-40 (who@where) #1'), 'Linux 6.1.0-40');
  });
});
