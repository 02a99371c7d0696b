import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { root } from '../../../../scripts/lib/paths.ts';
import { mayImport, storeyOf, VSCODE } from '../../../../scripts/lib/storeys/table.ts';

const rooms = Object.keys(mayImport);

/** Lints a tree of files as ours is linted; returns what the rule about imports says of each. */
async function lint(files: Readonly<Record<string, string>>): Promise<Map<string, string[]>> {
  const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-storeys-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(folder, dirname(path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const { stdout } = await execa(
      'oxlint',
      ['--config', join(root, 'oxlint.config.ts'), '--format', 'json', '.'],
      { cwd: folder, preferLocal: true, localDir: root, reject: false },
    );
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: readonly { code: string; message: string; filename: string }[];
    };
    const said = new Map<string, string[]>();
    for (const { code, message, filename } of diagnostics)
      if (code === 'storeys(imports)') said.set(filename, [...(said.get(filename) ?? []), message]);
    return said;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file in a room; extension.ts is a room by itself. */
function fileIn(room: string, name: string): string {
  return room.endsWith('.ts') ? `src/${room}` : `src/${room}/${name}.ts`;
}

function importOf(file: string, target: string): string {
  if (target === VSCODE) return VSCODE;
  const path = relative(dirname(file), fileIn(target, 'some'));
  return path.startsWith('.') ? path : `./${path}`;
}

suite('Who may import whom', () => {
  test('the linter objects to every arrow that the table does not have, and to no other', async () => {
    const files: Record<string, string> = {};
    const expected = new Map<string, string[]>();
    for (const from of rooms) {
      const file = fileIn(from, 'importer');
      const targets = [VSCODE, ...rooms].filter((target) => target !== from);
      files[file] = targets.map((target) => `import '${importOf(file, target)}';\n`).join('');
      const allowed = mayImport[from] ?? [];
      const forbidden = targets.filter(
        (target) => !allowed.includes(target) && !allowed.includes(storeyOf(target)),
      );
      if (forbidden.length > 0) expected.set(file, forbidden);
    }
    const said = await lint(files);
    assert.deepEqual([...said.keys()].toSorted(), [...expected.keys()].toSorted());
    for (const [file, targets] of expected) {
      const named = said.get(file)?.map((message) => / may not import (\S+)\. It/.exec(message)?.[1]);
      assert.deepEqual(named?.toSorted(), targets.toSorted(), file);
    }
  });

  test('the linter sees every way to import', async () => {
    const ways = {
      value: `import { window } from 'vscode'; window;`,
      type: `import type { Uri } from 'vscode'; export type U = Uri;`,
      'type-in-place': `export type U = import('vscode').Uri;`,
      'side-effect': `import 'vscode';`,
      'named-export': `export { window } from 'vscode';`,
      'type-export': `export type { Uri } from 'vscode';`,
      'star-export': `export * from 'vscode';`,
      dynamic: `export const load = () => import('vscode');`,
      require: `export const load = () => require('vscode');`,
      'import-require': `import vscode = require('vscode'); export const { window } = vscode;`,
    };
    const files = Object.entries(ways).map(([way, text]) => [`src/model/inventory/${way}.ts`, text]);
    const said = await lint(Object.fromEntries(files));
    for (const [file] of files)
      assert.match(said.get(file ?? '')?.join() ?? '', /may not import vscode/, file);
  });

  test('a file outside of all rooms, or that imports from outside of src, is objected to', async () => {
    const said = await lint({
      'src/attic/old.ts': `import './older.ts';`,
      'src/client/rpc/call.ts': `import '../../../test/support/eventually.ts';`,
      'src/client/rpc/data.ts': `import '../../../schemas/kvm.schema.json';`,
      'test/unit/free.ts': `import '../../src/client/rpc/call.ts';`,
    });
    assert.match(said.get('src/attic/old.ts')?.join() ?? '', /is in no room/);
    assert.match(said.get('src/client/rpc/call.ts')?.join() ?? '', /outside of src/);
    assert.equal(said.size, 2);
  });
});

suite('The table of rooms', () => {
  test('has arrows that go down only', () => {
    const places = [VSCODE, ...rooms.flatMap((room) => [storeyOf(room), room])];
    for (const [room, allowed] of Object.entries(mayImport))
      for (const target of allowed) {
        assert.ok(places.includes(target), `${target} is no room`);
        assert.ok(places.indexOf(target) < places.indexOf(room), `${room} -> ${target}`);
      }
  });

  test('lets nothing below the workbench import vscode, and no foundation the other', () => {
    const allowed = (room: string, target: string) => mayImport[room]?.includes(target) ?? false;
    for (const room of rooms) {
      const storey = storeyOf(room);
      if (allowed(room, VSCODE)) assert.ok(storey === 'workbench' || room === 'extension.ts', room);
      if (storey === 'client') assert.ok(!allowed(room, 'language'));
      if (storey === 'language') assert.ok(!allowed(room, 'client'));
    }
  });

  test('lets no face import another', () => {
    const faces = ['explorer', 'commands', 'editor', 'console', 'debug', 'workspace'].map(
      (face) => `workbench/${face}`,
    );
    for (const face of faces) {
      const allowed = mayImport[face];
      assert.ok(allowed, face);
      assert.ok(!allowed.includes('workbench') && !allowed.some((target) => faces.includes(target)), face);
    }
  });
});
