import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { checksumIn, parseChecksum } from '../../../../../src/engines/environment/images/checksum-list.ts';

const digest = 'ab'.repeat(32);

const long = 'CD'.repeat(64);

suite('A list of checksums', () => {
  test('checksums as publishers write them', () => {
    const sum = { algorithm: 'sha256', digest };
    assert.deepEqual(checksumIn(`${'0'.repeat(64)}  a.img\n${digest} *b.img\n`, 'b.img'), sum);
    assert.deepEqual(checksumIn(`# comment\nSHA256 (b.img) = ${digest}\n`, 'b.img'), sum);
    assert.deepEqual(checksumIn(`${long}  ./b.img\n`, 'b.img'), {
      algorithm: 'sha512',
      digest: long.toLowerCase(),
    });
    assert.deepEqual(checksumIn(`${digest}\n`, 'b.img'), sum);
    assert.equal(checksumIn(`${digest}  other.img\n`, 'b.img'), undefined);
    assert.equal(checksumIn('<html>not found</html>', 'b.img'), undefined);
    assert.deepEqual(parseChecksum(`sha256:${digest}`), sum);
    assert.equal(parseChecksum(`sha512:${digest}`), undefined);
    assert.equal(parseChecksum('https://example.org/SHA256SUMS'), undefined);
  });
});
