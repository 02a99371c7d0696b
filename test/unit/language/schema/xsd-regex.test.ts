import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { assertLinear, repeated } from '../../../support/growth.ts';
import { readPattern } from '../../../../src/language/schema/xsd-regex.ts';

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
  ['', [''], ['a']],
  ['(a|bc)*d?', ['', 'abcad', 'd'], ['b', 'dd']],
  ['(a?){2,3}', ['', 'a', 'aaa'], ['aaaa']],
  ['a{2}|b{2,}', ['aa', 'bb', 'bbbb'], ['a', 'aaa', 'b']],
  ['(()*|a)+b', ['b', 'aab'], ['a']],
];

suite('Patterns of XML Schema', () => {
  for (const [pattern, matches, refuses] of PATTERNS)
    test(pattern, () => {
      const automaton = readPattern(pattern);
      for (const value of matches) assert.ok(automaton.matches(value), value);
      for (const value of refuses) assert.ok(!automaton.matches(value), value);
    });
  test('nonsense is refused', () => {
    for (const pattern of [
      'a{',
      String.raw`\p{IsNowhere}`,
      '[a',
      '(a',
      'a)',
      '*',
      'a**',
      'a{2,1}',
      '('.repeat(1e6),
    ])
      assert.throws(() => readPattern(pattern), pattern.length > 100 ? RangeError : SyntaxError);
  });

  test('that are larger than any of libvirt’s are refused, however they are written', () => {
    for (const pattern of ['a{9999999}', '((a{100}){100}){100}', 'a'.repeat(20_000)])
      assert.throws(() => readPattern(pattern), /too large/);
  });

  for (const pattern of [
    '(a+)+b',
    '(a|aa)*b',
    '[a-z]+[a-z0-9]*',
    '[0-9]+(.[0-9]+)?',
    'a*a*a*a*b',
    '(.*a){20}',
  ])
    test(`${pattern} is compared in step with the value`, () =>
      assertLinear(
        50_000,
        (n) => `${'a'.repeat(n)}!`,
        (value) => readPattern(pattern).matches(value),
      ));

  test('with many states and characters keep a bounded number of steps in mind', () => {
    const automaton = readPattern('(.*[0-9].{0,200})+');
    const value = repeated(3000, (i) => String.fromCodePoint(0x4e00 + (i % 5000), 0x30 + (i % 7)));
    assert.ok(automaton.matches(value));
  });
});
