import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type * as vscode from 'vscode';
import { shownItem } from '../../../../src/workbench/ui/tree-item.ts';

const src = join(import.meta.dirname, '../../../../src');

suite('What daemons and guests say', () => {
  test('hides nothing in a tree, in no part of an item', () => {
    const said = 'a\u202eb\u001b';
    const tooltip = { value: `**${said}**\n\nmore` };
    const item = {
      label: said,
      description: said,
      tooltip,
      accessibilityInformation: { label: said, role: 'treeitem' },
    } as unknown as vscode.TreeItem;
    const shown = String.raw`a\u{202e}b\u{1b}`;
    assert.equal(shownItem(item), item);
    assert.deepEqual(item, {
      label: shown,
      description: shown,
      tooltip: { value: `**${shown}**\n\nmore` },
      accessibilityInformation: { label: shown, role: 'treeitem' },
    });
    const other = { tooltip: `${said}\nmore` } as vscode.TreeItem;
    assert.equal(shownItem(other).tooltip, `${shown}\nmore`);
  });

  test('reaches trees and the clipboard by one door each', async () => {
    for (const file of globSync('workbench/**/*.ts', { cwd: src })) {
      const text = await readFile(join(src, file), 'utf8');
      if (file !== join('workbench', 'ui', 'clipboard.ts'))
        assert.doesNotMatch(text, /clipboard\.writeText/u, file);
      for (const [, body = ''] of text.matchAll(/ getTreeItem\([^{]*\{([^}]*)/gu))
        assert.match(body, /return shownItem\(/u, file);
    }
  });
});
