import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Analysis } from '../../../../src/language/schema/analysis.ts';
import { explain } from '../../../../src/language/schema/explain.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { body, guest } from './grammars.ts';

suite('Explaining', () => {
  const text = body("  <devices><sound model='ich9'/></devices>");
  const at = (needle: string): ReturnType<typeof explain> =>
    explain(new Analysis(parseDocument(text), guest), text.indexOf(needle) + 1);

  test('says what an attribute takes', () => {
    const found = at('model');
    assert.deepEqual(
      [found?.name, found?.required, found?.values, found?.open, found?.path],
      ['model', true, ['ich9', 'ac97'], false, ['guest', 'devices', 'sound']],
    );
  });
  test('says what an element holds', () => {
    const found = at('<devices');
    assert.deepEqual([found?.required, found?.children], [false, ['disk', 'sound']]);
  });
  test('says nothing where there is nothing', () => assert.equal(at('\n'), undefined));
});
