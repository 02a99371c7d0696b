import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readManifest } from '../../../../../src/engines/environment/images/manifest.ts';

const SHA1 = 'B0E4f1057f878c25a8374a5a0bbe27c73189c9be';
const SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

suite('A manifest', () => {
  test('is read in all the forms that tools write', () => {
    const lines = [
      `SHA1(a.ovf)= ${SHA1}`,
      `SHA256 (a b.vmdk) = ${SHA256}`,
      `sha-256(c(1).vmdk)=${SHA256}`,
      `${SHA256}  d.vmdk`,
      `${SHA1} *e.vmdk`,
      '',
      '# a remark',
    ];
    const { entries, unread } = readManifest(lines.join('\r\n'));
    assert.deepEqual(
      entries.map(({ name, algorithm }) => `${algorithm} ${name}`),
      ['sha1 a.ovf', 'sha256 a b.vmdk', 'sha256 c(1).vmdk', 'sha256 d.vmdk', 'sha1 e.vmdk'],
    );
    assert.deepEqual([entries[0]?.digest, unread], [SHA1.toLowerCase(), []]);
  });

  test('gives back the lines that it does not know', () => {
    const odd = ['SHA256(a)= 12', `SHA999(a)= ${SHA256}`, `SHA256(a): ${SHA256}`, '<html>'];
    assert.deepEqual(readManifest(odd.join('\n')), { entries: [], unread: odd });
  });
});
