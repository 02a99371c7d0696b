import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { type ManifestFiles, readManifest } from '../../../../scripts/lib/manifest/files.ts';
import { manifestProblems } from '../../../../scripts/lib/manifest/problems.ts';
import { readSources } from '../../../../scripts/lib/manifest/sources.ts';

suite('The check of the manifest', () => {
  let files: ManifestFiles;
  let sources: ReadonlyMap<string, string>;

  before(async () => {
    [files, sources] = await Promise.all([readManifest(), readSources()]);
  });

  /** What it says when a source has these words in the place of those. */
  function withSource(path: string, words: string, others: string): readonly string[] {
    const text = sources.get(path) ?? '';
    assert.ok(text.includes(words), `${path} has ${words}`);
    return manifestProblems(files, new Map([...sources, [path, text.replace(words, others)]]));
  }

  test('has nothing to say of the manifest as it is', () => {
    assert.deepEqual(manifestProblems(files, sources), []);
  });

  test('objects to a package.json that was changed by hand', () => {
    const stale = { ...files, 'package.json': files['package.json'].replace('"%kvm.refresh%"', '"Refresh"') };
    assert.deepEqual(manifestProblems(stale, sources), [
      'package.json differs from what src/workbench/manifest says: run `npm run manifest`.',
    ]);
  });

  test('objects to texts that are stale or missing', () => {
    for (const text of ['', files['package.nls.json'].replace('Add Host…', 'New Host…')])
      assert.deepEqual(manifestProblems({ ...files, 'package.nls.json': text }, sources), [
        'package.nls.json differs from what src/workbench/manifest says: run `npm run manifest`.',
      ]);
  });

  test('objects to sentences for translators that are stale', () => {
    const path = 'src/workbench/commands/domain/start.ts';
    assert.deepEqual(withSource(path, 'Starting {0}', 'Beginning {0}'), [
      'l10n/bundle.l10n.json differs from what src says: run `npm run manifest`.',
    ]);
  });

  test('leaves alone what package.json says besides', () => {
    const other = { ...files, 'package.json': files['package.json'].replace('"0.1.0"', '"0.2.0"') };
    assert.deepEqual(manifestProblems(other, sources), []);
  });

  test('objects to a command that nothing handles', () => {
    const path = 'src/workbench/commands/view-commands.ts';
    assert.deepEqual(withSource(path, "register('kvm.refresh', ", 'ignore('), [
      'kvm.refresh is declared, and nothing in src handles it.',
    ]);
  });

  test('objects to a handler of a command that is not declared', () => {
    const path = 'src/workbench/workspace/register.ts';
    assert.deepEqual(withSource(path, "  'kvm.environment.up':", "  'kvm.environment.upp':"), [
      'kvm.environment.up is declared, and nothing in src handles it.',
      `kvm.environment.upp is handled in ${path}, and not declared.`,
    ]);
  });

  test('objects to two handlers of one command', () => {
    const path = 'src/workbench/commands/view-commands.ts';
    assert.deepEqual(withSource(path, "register('kvm.filter'", "register('kvm.refresh'"), [
      'kvm.filter is declared, and nothing in src handles it.',
      `kvm.refresh is handled twice: in ${path} and ${path}.`,
    ]);
  });

  test('objects to an id that no search finds', () => {
    const path = 'src/workbench/console/displays.ts';
    assert.deepEqual(withSource(path, 'register(id,', 'register(`kvm.display.${command}`,'), [
      `${path} makes the id of a command of parts (\`kvm.display.\${): no search finds it there.`,
    ]);
  });

  test('objects to a face that executes a command of ours', () => {
    const path = 'src/workbench/commands/pick-host.ts';
    const called = "vscode.commands.executeCommand('kvm.host.add')";
    assert.deepEqual(withSource(path, 'addHost(context)', called), [
      `${path} executes kvm.host.add, a command of ours: it should call the function.`,
    ]);
  });

  test('objects to a setting that nothing reads', () => {
    const path = 'src/workbench/debug/sessions.ts';
    assert.deepEqual(withSource(path, "'kvm.debug.gdb'", "'kvm.debug'"), [
      'kvm.debug.gdb is a setting that nothing in src reads.',
    ]);
  });
});
