import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { makeDataType } from '../../../../src/language/schema/datatype.ts';
import { describeType } from '../../../../src/language/schema/describe-type.ts';

const WORDS: Readonly<Record<string, string>> = {
  '[^/\\n]+': 'a line of text without “/”',
  '[^\\n]+': 'a line of text',
  '[^,]{0,12}': 'text without “,”, at most 12 characters long',
  '[a-zA-Z0-9_]+': 'letters, digits and _',
  '(a|b)+c': 'text that matches (a|b)+c',
};

suite('A regular expression of a schema', () => {
  for (const [pattern, words] of Object.entries(WORDS))
    test(`${pattern} is ${words}`, () => {
      assert.equal(describeType(makeDataType('xsd:string', [['pattern', pattern]])), words);
    });
});
