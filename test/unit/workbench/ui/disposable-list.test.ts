import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DisposableList } from '../../../../src/workbench/ui/disposable-list.ts';

suite('What ends together', () => {
  test('ends in the order in which it came, once', () => {
    const ended: string[] = [];
    const part = (name: string) => ({ dispose: () => ended.push(name) });
    const list = new DisposableList(part('first'));
    list.add(part('second'), part('third'));
    assert.deepEqual(ended, []);
    list.dispose();
    list.dispose();
    assert.deepEqual(ended, ['first', 'second', 'third']);
  });

  test('ends at once when it comes after the end', () => {
    const ended: string[] = [];
    const list = new DisposableList();
    list.dispose();
    list.add({ dispose: () => ended.push('late') });
    assert.deepEqual(ended, ['late']);
  });
});
