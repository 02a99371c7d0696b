import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { arrange } from '../../../../../src/workbench/explorer/domain/arrangement.ts';
import { record } from '../../../support/records.ts';

function names(...args: Parameters<typeof arrange>): readonly string[] {
  return arrange(...args).map(({ name }) => name);
}

const web2 = record({ name: 'web2', state: 'running' });
const web10 = record({ name: 'web10' });
const build = record({ name: 'Build', managedSave: true });
const paused = record({ name: 'db', state: 'paused' });
const crashed = record({ name: 'zoo', state: 'crashed' });
const all = [web10, crashed, build, web2, paused];

suite('The order of domains', () => {
  test('by name goes as people count and does not mind capitals', () => {
    assert.deepEqual(names(all, 'name', ''), ['Build', 'db', 'web2', 'web10', 'zoo']);
  });

  test('by state has what needs attention first, and names within a state', () => {
    assert.deepEqual(names(all, 'state', ''), ['zoo', 'web2', 'db', 'Build', 'web10']);
    const blocked = record({ name: 'a', state: 'blocked' });
    assert.deepEqual(names([web2, blocked], 'state', ''), ['a', 'web2'], 'blocked is running');
  });

  test('leaves the list it was given alone', () => {
    const given = [...all];
    arrange(given, 'name', '');
    assert.deepEqual(given, all);
  });
});

suite('The filter', () => {
  test('is a part of the name, whatever its case', () => {
    assert.deepEqual(names(all, 'name', 'WEB'), ['web2', 'web10']);
    assert.deepEqual(names(all, 'name', 'uil'), ['Build']);
    assert.deepEqual(names(all, 'name', 'x'), []);
  });

  test('is no pattern', () => {
    const odd = record({ name: 'a.*$(b' });
    assert.deepEqual(names([odd, web2], 'name', '.*'), ['a.*$(b']);
    assert.deepEqual(names([odd, web2], 'name', '$('), ['a.*$(b']);
  });
});
