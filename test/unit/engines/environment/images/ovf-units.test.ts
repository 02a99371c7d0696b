import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { bytesOfUnit } from '../../../../../src/engines/environment/images/ovf-units.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** Units as appliances have them, and the bytes of one. */
const UNITS: readonly (readonly [string, number])[] = [
  ['byte', 1],
  ['Bytes', 1],
  ['byte * 2^20', MIB],
  ['byte*2^30', GIB],
  ['bytes * 2^20', MIB],
  ['Byte * 2 ^ 20', MIB],
  ['byte * 2**20', MIB],
  ['byte * 2^+20', MIB],
  ['2^20 * byte', MIB],
  ['byte * 10^6', 1_000_000],
  ['byte*10^9', 1_000_000_000],
  ['byte * 1024 * 1024', MIB],
  ['byte * 1024^2', MIB],
  ['byte * 1048576', MIB],
  ['kilobyte * 1024', MIB],
  ['gigabyte / 1024', MIB],
  ['bit * 2^23', MIB],
  ['KB', 1024],
  ['KiB', 1024],
  ['KiloBytes', 1024],
  ['MB', MIB],
  ['MiB', MIB],
  ['Megabyte', MIB],
  ['MegaBytes', MIB],
  ['Mega Bytes', MIB],
  ['mebibyte', MIB],
  ['GB', GIB],
  ['GiB', GIB],
  ['GigaBytes', GIB],
  ['gibibytes', GIB],
  ['TB', 1024 ** 4],
  ['terabytes', 1024 ** 4],
];

const UNKNOWN = [
  '',
  'pages',
  'hertz * 10^6',
  'count',
  '2^20',
  'byte * lots',
  'byte * byte',
  'byte * 2^',
  'byte + 2^20',
  '* 2^20',
  'MB per second',
  'byte * 0',
  'byte / 0',
  'byte * 10^999',
  'xbytes',
  'kk',
  'byte * 2^20 #',
];

suite('The units of an appliance', () => {
  for (const [unit, bytes] of UNITS)
    test(`“${unit}” is ${bytes} bytes`, () => {
      assert.equal(bytesOfUnit(unit), bytes);
    });

  test('are not guessed', () => {
    for (const unit of UNKNOWN) assert.equal(bytesOfUnit(unit), undefined, unit);
  });
});
