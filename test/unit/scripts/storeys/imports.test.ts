import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findCircles } from '../../../../scripts/lib/storeys/circles.ts';
import { importsOf } from '../../../../scripts/lib/storeys/imports.ts';
import { drawStoreys, withPicture } from '../../../../scripts/lib/storeys/picture.ts';

/** A graph of files by what they say. */
function graphOf(files: Readonly<Record<string, string>>) {
  return new Map(Object.entries(files).map(([file, text]) => [file, importsOf(file, text)]));
}

suite('What files import', () => {
  test('is read of values and types, static and dynamic, each once and with its path', () => {
    const text = `
      import { a } from './a.ts';
      import type { B } from '../b.ts';
      import { type C } from 'package';
      export * from './d.ts';
      export type { A } from './a.ts';
      const load = () => import('./deep/e.ts');
      // import './comment.ts'
      const string = "import './string.ts'";
      const computed = () => import(string);
    `;
    assert.deepEqual(importsOf('src/x/file.ts', text).toSorted(), [
      'package',
      'src/b.ts',
      'src/x/a.ts',
      'src/x/d.ts',
      'src/x/deep/e.ts',
    ]);
  });

  test('cannot be read of what is no TypeScript', () => {
    assert.throws(() => importsOf('x.ts', 'import {'), /x\.ts/);
  });
});

suite('A circle of imports', () => {
  test('is none where everything goes one way', () => {
    const graph = graphOf({
      'top.ts': `import './left.ts'; import './right.ts';`,
      'left.ts': `import './bottom.ts';`,
      'right.ts': `import './bottom.ts';`,
      'bottom.ts': '',
    });
    assert.deepEqual(findCircles(graph), []);
  });

  test('is found when an arrow of it is of a type, or is followed only when somebody asks', () => {
    const graph = graphOf({
      'outside.ts': `import './facade.ts';`,
      'facade.ts': `export interface Parts {}; export const load = () => import('./part.ts');`,
      'part.ts': `import './helper.ts';`,
      'helper.ts': `import type { Parts } from './facade.ts'; export type P = Parts;`,
      'self.ts': `import type * as self from './self.ts'; export type S = typeof self;`,
    });
    assert.deepEqual(findCircles(graph), [['facade.ts', 'part.ts', 'helper.ts'], ['self.ts']]);
  });

  test('is told once, by a shortest way round', () => {
    const graph = graphOf({
      'a.ts': `import './b.ts'; import './c.ts';`,
      'b.ts': `import './c.ts';`,
      'c.ts': `import './a.ts';`,
    });
    assert.deepEqual(findCircles(graph), [['a.ts', 'c.ts']]);
  });
});

suite('The picture of the storeys', () => {
  const files = {
    'src/client/rpc/frame.ts': '',
    'src/client/libvirt/connect.ts': `import '../rpc/frame.ts';`,
    'src/model/inventory/host.ts': `import '../../client/libvirt/connect.ts';`,
    'src/workbench/ui/names.ts': `import * as vscode from 'vscode'; vscode;`,
    'test/unit/names.test.ts': `import '../../src/workbench/ui/names.ts';`,
  };
  const arrows = (graph: Readonly<Record<string, string>>) =>
    [...drawStoreys(graphOf(graph)).matchAll(/^ +\S+ --> \S+$/gm)].map(([line]) => line.trim());

  test('has an arrow from room to room within a storey, from storey to storey, and none of tests', () => {
    assert.deepEqual(arrows(files), [
      'workbench --> vscode',
      'model --> client',
      'client/libvirt --> client/rpc',
    ]);
  });

  test('changes with an arrow that is new, or gone', () => {
    const more = { ...files, 'src/model/image/header.ts': `import type {} from '../inventory/host.ts';` };
    assert.ok(arrows(more).includes('model/image --> model/inventory'));
    const less = { ...files, 'src/client/libvirt/connect.ts': '' };
    assert.ok(!arrows(less).includes('client/libvirt --> client/rpc'));
  });

  test('takes the place of the one before, and nothing else of the page', () => {
    const first = drawStoreys(graphOf(files));
    const second = drawStoreys(graphOf({ ...files, 'src/client/libvirt/connect.ts': '' }));
    assert.notEqual(first, second);
    assert.equal(withPicture(`# Page\n\n${first}\n\nText.\n`, second), `# Page\n\n${second}\n\nText.\n`);
    assert.throws(() => withPicture('# Page\n', first), /no lines/);
  });
});
