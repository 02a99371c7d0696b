import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { assertLinear } from '../../../support/growth.ts';
import { isSameValue, makeDataType } from '../../../../src/language/schema/datatype.ts';

const TYPES: readonly (readonly [type: string, allows: readonly string[], refuses: readonly string[]])[] = [
  ['xsd:int', ['0', ' -2147483648 ', '+5'], ['2147483648', '1.0', '', '0x1']],
  ['xsd:unsignedLong', ['18446744073709551615'], ['18446744073709551616', '-1']],
  ['xsd:positiveInteger', ['1'], ['0']],
  ['xsd:double', ['1', '-1.5e3', 'INF', 'NaN'], ['1,5', 'inf', '']],
  ['xsd:boolean', ['true', '0'], ['yes']],
  ['xsd:NCName', ['a-b.c', 'é'], ['1a', 'a:b', 'a b', '']],
  ['xsd:dateTime', ['2024-02-29T23:59:59', '2024-01-01T00:00:00.5Z'], ['2023-02-29T00:00:00', '2024-01-01']],
  ['xsd:anyURI', ['', 'http://x/y#z', '/a b'], ['http://x#y#z', '%zz']],
  ['xsd:hexBinary', ['', '0aFF'], ['0', 'xy']],
  ['xsd:base64Binary', ['', 'YQ==', 'Y Q = ='], ['Y', 'YR==']],
  ['xsd:decimal', ['1', '-.5', '1.'], ['.', '1e3', '1'.repeat(5000)]],
  ['xsd:duration', ['PT5M', '-P1Y2DT0.5S'], ['P', 'PT', '5M']],
  ['xsd:language', ['en', 'de-AT'], ['', 'en-']],
  ['token', ['', ' a  b '], []],
];

/** What hostile values are made of. */
const PIECES = ['a', '1', '0', ' ', '-', 'a-', '1:', ' 1', 'AA= ', '.0', '%20', '#', 'a:', 'é'];

suite('Data types', () => {
  for (const [type] of TYPES)
    test(`${type} is decided on in step with the value`, async () => {
      const checked = makeDataType(type, []);
      for (const piece of PIECES)
        await assertLinear(
          50_000,
          (n) => `1${piece.repeat(n)}!`,
          (value) => checked.allows(value),
        );
    });

  for (const [type, allows, refuses] of TYPES)
    test(type, () => {
      const checked = makeDataType(type, []);
      for (const value of allows) assert.ok(checked.allows(value), value);
      for (const value of refuses) assert.ok(!checked.allows(value), value);
    });
  test('facets count characters, and numbers by their value', () => {
    const short = makeDataType('xsd:string', [['maxLength', '2']]);
    assert.deepEqual(
      ['😀😀', 'abc'].map((text) => short.allows(text)),
      [true, false],
    );
    const range = makeDataType('xsd:integer', [
      ['minExclusive', '1'],
      ['maxInclusive', '10'],
    ]);
    assert.deepEqual(
      ['1', '02', '10', '11'].map((text) => range.allows(text)),
      [false, true, true, false],
    );
  });
  test('values are compared as their type does', () => {
    assert.ok(isSameValue('xsd:int', '1', ' 01 '));
    assert.ok(isSameValue('token', 'a b', ' a  b '));
    assert.ok(!isSameValue('string', 'a', ' a'));
  });
});
