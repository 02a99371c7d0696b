import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { bestMatch } from '../../../../../src/workbench/commands/domain/best-match.ts';

const lines = ['web-1', 'web-10', 'web-2', 'a web-2', 'Build'].map((label) => ({
  label,
  description: label === 'Build' ? 'paused' : 'shut off',
}));

suite('The line that Enter means', () => {
  const cases: readonly (readonly [typed: string, label: string | undefined])[] = [
    ['', 'web-1'],
    ['web-10', 'web-10'],
    ['web-1', 'web-1'],
    ['WEB-2 ', 'web-2'],
    ['b-2', 'web-2'],
    ['a w', 'a web-2'],
    ['paused', 'Build'],
    ['bld', 'Build'],
    ['w10', 'web-10'],
    ['nothing', undefined],
  ];
  for (const [typed, label] of cases)
    test(`by “${typed}” is ${label ?? 'none'}`, () => assert.equal(bestMatch(lines, typed)?.label, label));
});
