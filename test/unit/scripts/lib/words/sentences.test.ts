import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { sentencesIn } from '../../../../../scripts/lib/words/sentences.ts';

suite('The sentences of a source file', () => {
  test('are those that are translated, in their order', () => {
    const source = `import { t } from '@vscode/l10n';
      const name = () => t('Start “{0}”?', other('no sentence'));
      const texts = () => ({ detail: many ? t('One\\nbelow another') : t("It is libvirt's.") });`;
    assert.deepEqual(sentencesIn('file.ts', source), [
      'Start “{0}”?',
      'One\nbelow another',
      "It is libvirt's.",
    ]);
  });

  test('are none where nothing is translated', () => {
    assert.deepEqual(sentencesIn('file.ts', "const t = (text: string) => text;\nt('not for people');"), []);
  });
});
