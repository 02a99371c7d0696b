import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isSameValue, makeDataType } from '../../../../src/language/schema/datatype.ts';
import { nearestNames } from '../../../../src/language/schema/suggest.ts';
import { translatePattern } from '../../../../src/language/schema/xsd-regex.ts';

const PATTERNS: readonly (readonly [
  pattern: string,
  matches: readonly string[],
  refuses: readonly string[],
])[] = [
  ['a|b', ['a', 'b'], ['ab', 'xa', '']],
  ['$[ ]*x^', ['$x^', '$  x^'], ['x']],
  ['.', ['a', '😀'], ['\n', '\r', 'ab']],
  [String.raw`[a-z0-9_\.\-]+`, ['a.b-c_1'], ['A', 'a/b']],
  ['[ -~]{0,3}', ['', 'a~ '], ['abcd', 'é']],
  ['[a-z-[aeiou]]+', ['xyz'], ['a', 'xa']],
  ['[^/]*', ['', 'a b'], ['a/b']],
  [String.raw`\d+\s?\w*`, ['12 ab'], ['a']],
  [String.raw`[\i-[:]][\c-[:]]*`, ['a-b', '_1'], ['1a', 'a:b']],
  [String.raw`\p{Lu}\P{Lu}`, ['Aa'], ['AA']],
  ['([0-9]{1,3}[.]){3}[0-9]{1,3}', ['10.0.0.1'], ['10.0.0', '10.0.0.0001']],
  ['[-a]', ['-', 'a'], ['b']],
  ['[a-]', ['-', 'a'], ['b']],
  [String.raw`\[[^\]]+\] .+`, ['[x] y'], ['[] y']],
];

suite('Patterns of XML Schema', () => {
  for (const [pattern, matches, refuses] of PATTERNS)
    test(pattern, () => {
      const expression = translatePattern(pattern);
      for (const value of matches) assert.match(value, expression);
      for (const value of refuses) assert.doesNotMatch(value, expression);
    });
  test('nonsense is refused', () => {
    for (const pattern of ['a{', String.raw`\p{IsNowhere}`, '[a'])
      assert.throws(() => translatePattern(pattern), SyntaxError);
  });
});

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
];

suite('Data types', () => {
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

suite('Suggestions', () => {
  test('are the nearest names, and none that is far', () => {
    assert.deepEqual(nearestNames('sorce', ['source', 'serial', 'target']), ['source']);
    assert.deepEqual(nearestNames('xyz', ['source']), []);
  });
});
