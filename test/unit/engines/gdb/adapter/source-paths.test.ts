import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { mappingOf, sharedEnd } from '../../../../../src/engines/gdb/adapter/source-paths.ts';

suite('The path of a source', () => {
  test('is compared with another one from its end', () => {
    assert.equal(sharedEnd('/build/os/src/main.c', '/home/me/os/src/main.c'), 3);
    assert.equal(sharedEnd('/build/main.c', '/home/me/main.h'), 0);
    assert.equal(sharedEnd('/same/main.c', '/same/main.c'), 3);
  });

  test('differs from another one in folders, of which none is the root', () => {
    assert.deepEqual(mappingOf('/build/os/src/main.c', '/home/me/os/src/main.c'), {
      from: '/build',
      to: '/home/me',
    });
    assert.deepEqual(mappingOf('/src/main.c', '/home/me/src/main.c'), { from: '/src', to: '/home/me/src' });
  });
});
