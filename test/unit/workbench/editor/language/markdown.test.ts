import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeMarkdown, proseMarkdown } from '../../../../../src/workbench/editor/language/markdown.ts';

test('foreign text cannot become Markdown or HTML', () => {
  assert.equal(
    escapeMarkdown('[a](command:x) <b> *c* $(trash)'),
    String.raw`\[a\]\(command:x\) &lt;b\> \*c\* \$\(trash\)`,
  );
});

test('libvirt’s documentation is shown as it is written, with words as code and items as a list', () => {
  assert.equal(
    proseMarkdown('Use `a_b` or <b>*c*</b>:\n- `x`: [y](z)'),
    'Use `a_b` or &lt;b\\>\\*c\\*&lt;/b\\>:\n- `x`: \\[y\\]\\(z\\)',
  );
});
