import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decode, encodeAttribute, encodeText } from '../../../../src/language/xml/entities.ts';

suite('Entities', () => {
  test('what is encoded decodes to itself', () => {
    for (const value of [`a<b>&"c"'d'`, '\t\n', '😀'])
      for (const encoded of [encodeText(value), encodeAttribute(value, '"'), encodeAttribute(value, "'")])
        assert.equal(decode(encoded), value);
  });
  test('what is no reference stays and is told', () => {
    const bad: number[] = [];
    assert.equal(
      decode('a & b &#65; &x; &#xFFFF;', ({ index }) => bad.push(index)),
      'a & b A &x; &#xFFFF;',
    );
    assert.deepEqual(bad, [2, 12, 16]);
  });
});
