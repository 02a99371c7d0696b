import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { mappingOf, sharedEnd, SourcePaths } from '../../../../../src/engines/gdb/adapter/source-paths.ts';

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

suite('A program that was built elsewhere', () => {
  const BUILD = 'debian/build/cloud';

  /** What is said of files that are missing, by their whole paths and their names in the line information. */
  function missing(files: Readonly<Record<string, string>>, sourceFileMap: readonly [string, string][] = []) {
    const said: string[] = [];
    const gdb = {
      knows: () => Promise.resolve(false),
      named: () => Promise.resolve([]),
      below: () => Promise.resolve([]),
      names: (path: string) => ({ own: files[path], all: Object.values(files) }),
      substitute: () => Promise.resolve(),
    };
    const settings = { sources: [], sourceFileMap, builtIn: '/nowhere' };
    const paths = new SourcePaths(gdb, settings, (sentence) => said.push(sentence));
    return { here: Object.keys(files).map((file) => paths.here(file)), said };
  }

  test('is told by the roots of its sources, each once, and shown with whole paths', () => {
    const { here, said } = missing({
      [`${BUILD}/kernel/sched/idle.c`]: 'kernel/sched/idle.c',
      [`${BUILD}/arch/x86/kernel/process.c`]: 'arch/x86/kernel/process.c',
      '/gone/linux-6.1/arch/x86/kernel/head_64.S': '/gone/linux-6.1/arch/x86/kernel/head_64.S',
      [`${BUILD}/init/main.c`]: 'init/main.c',
    });
    assert.equal(here[0], `/nowhere/${BUILD}/kernel/sched/idle.c`);
    assert.equal(said.length, 2);
    assert.match(said[0] ?? '', /\{ "debian\/build\/cloud": "their folder here" \}/);
    assert.match(said[1] ?? '', /\{ "\/gone\/linux-6\.1": "their folder here" \}/);
  });

  test('is told by its own path where a map leads to nothing', () => {
    const { said } = missing({ '/home/me/linux/init/main.c': 'init/main.c' }, [[BUILD, '/home/me/linux/']]);
    assert.match(
      said.join(),
      /built from debian\/build\/cloud\/init\/main\.c\. .*\/home\/me\/linux\/init\/main\.c/,
    );
  });
});
