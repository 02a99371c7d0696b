import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '../../../../src/client/transport/config-syntax.ts';

test('libvirt’s configuration files have one syntax', () => {
  const text = '\u{FEFF}a="x#y" # z\r\nb=\'"\'\nc = """\n two\n"""\n d=[]\ne = [ 1, +2, -3, ]\n a = 7;f=""';
  assert.deepEqual(
    [...parseConfig(text, 'f')].map(([name, { type, value, line }]) => [
      name,
      type,
      Array.isArray(value) ? value.map((item) => item.value) : value,
      line,
    ]),
    [
      ['a', 'number', 7, 8],
      ['b', 'string', '"', 2],
      ['c', 'string', '\n two\n', 3],
      ['d', 'list', [], 6],
      ['e', 'list', [1, 2, -3], 7],
      ['f', 'string', '', 8],
    ],
  );
  assert.equal(parseConfig('', 'f').size, 0);
  assert.equal(parseConfig('# only a comment', 'f').size, 0);
});
