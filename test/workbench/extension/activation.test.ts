import assert from 'node:assert/strict';
import { suite, suiteSetup, test } from 'mocha';
import * as vscode from 'vscode';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

suite('the extension', () => {
  let extension: vscode.Extension<unknown>;

  suiteSetup(async () => {
    const found = vscode.extensions.getExtension('kvm-workbench.kvm-workbench');
    assert.ok(found, 'the extension is not installed');
    extension = found;
    await extension.activate();
  });

  test('activates in a real extension host', () => {
    assert.equal(extension.isActive, true);
  });

  test('handles each command that it declares, and no other', async () => {
    const { commands, views } = (extension.packageJSON as Manifest).contributes;
    // VS Code has some of its own for each view.
    const ids = Object.values(views).flatMap((each) => each.map(({ id }) => id));
    const isOurs = (command: string) =>
      command.startsWith('kvm.') && !ids.some((id) => command.startsWith(`${id}.`));
    const handled = (await vscode.commands.getCommands(true)).filter(isOurs);
    assert.deepEqual(handled.toSorted(), commands.map(({ command }) => command).toSorted());
  });

  test('is shown in words, not by their keys', () => {
    const { commands } = (extension.packageJSON as Manifest).contributes;
    const titles = commands.map(({ title }) => title);
    assert.ok(titles.includes('Add Host…'));
    assert.deepEqual(
      titles.filter((title) => title.startsWith('%')),
      [],
    );
  });
});
