import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ParameterTree } from '../../../../src/client/libvirt/parameters.ts';
import { parameters } from './sent-parameters.ts';

suite('Typed parameters as a tree', () => {
  const tree = new ParameterTree(
    parameters({
      'a.count': 4_000_000_000,
      'a.10.x': 'ten',
      'a.2.x': 'two',
      'a.2': 2n,
      '__proto__.polluted': true,
      half: 0.5,
    }),
  );

  test('reads by kind, and nothing where the kind is another', () => {
    assert.equal(tree.number('a', '2'), 2);
    assert.equal(tree.bigint('a', 'count'), 4_000_000_000n);
    assert.equal(tree.bigint('half'), undefined);
    assert.equal(tree.number('half'), 0.5);
    assert.equal(tree.text('a', '2'), undefined);
    assert.equal(tree.text('a', '2', 'x', 'deeper'), undefined);
    assert.equal(tree.boolean('__proto__', 'polluted'), true);
    assert.equal('polluted' in {}, false);
  });

  test('counts what is there, not what is announced', () => {
    assert.deepEqual(
      tree.numbered('a').map(([index, item]) => [index, item.text('x')]),
      [
        [2, 'two'],
        [10, 'ten'],
      ],
    );
    assert.deepEqual(tree.numbered('b'), []);
    assert.equal(tree.at('b').isEmpty, true);
  });

  test('lists the values below', () => {
    assert.deepEqual([...tree.at('a').leaves()].toSorted(), [
      ['10.x', 'ten'],
      ['2', 2n],
      ['2.x', 'two'],
      ['count', 4_000_000_000],
    ]);
  });
});
