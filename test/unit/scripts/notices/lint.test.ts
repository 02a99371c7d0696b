import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { root } from '../../../../scripts/lib/paths.ts';

/** The files that the linter says something of about notices. */
async function objected(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-notices-'));
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
      diagnostics: readonly { code: string; filename: string }[];
    };
    const names = diagnostics
      .filter(({ code }) => code === 'notices(funnel)')
      .map(({ filename }) => filename);
    return [...new Set(names)].toSorted();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

suite('The linter, about what comes up in front of a person', () => {
  test('sees every way around the functions that make it text', async () => {
    const ways = {
      information: `vscode.window.showInformationMessage('x');`,
      warning: `vscode.window.showWarningMessage('x', 'y');`,
      error: `void vscode.window.showErrorMessage('x');`,
      progress: `vscode.window.withProgress({ location: 15, title: 'x' }, async () => undefined);`,
      status: `vscode.window.setStatusBarMessage('x', 5);`,
      pick: `vscode.window.showQuickPick(['x']);`,
      'handed-on': `export const tell = vscode.window.showErrorMessage;`,
      computed: `vscode.window['showErrorMessage']('x');`,
      'taken-out': `const { showErrorMessage } = vscode.window; showErrorMessage('x');`,
      renamed: `const { showErrorMessage: tell } = vscode.window; tell('x');`,
      'other-name': `const { window } = vscode; window.showErrorMessage('x');`,
    };
    const files = Object.entries(ways).map(([way, text]) => [
      `src/workbench/commands/${way}.ts`,
      `import * as vscode from 'vscode';\n${text}\n`,
    ]);
    const said = await objected(Object.fromEntries(files));
    assert.deepEqual(said, files.map(([file]) => file).toSorted());
  });

  test('lets those functions use VS Code’s, and anybody use them', async () => {
    const said = await objected({
      'src/workbench/ui/notices.ts': `import * as vscode from 'vscode';\nvoid vscode.window.showErrorMessage('x');\n`,
      'src/workbench/ui/choose.ts': `import * as vscode from 'vscode';\nvoid vscode.window.showQuickPick(['x']);\n`,
      'src/workbench/commands/a.ts': `import { warn } from '../ui/notices.ts';\nvoid warn('x');\n`,
      'test/workbench/b.ts': `import * as vscode from 'vscode';\nvoid vscode.window.showErrorMessage('x');\n`,
    });
    assert.deepEqual(said, []);
  });
});
