import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
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
