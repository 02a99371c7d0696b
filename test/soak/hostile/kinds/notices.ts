import assert from 'node:assert/strict';
import { withoutIcons, quoted, displayName } from '../../../../src/workbench/ui/names.ts';
import { plainItem, plainOptions, plainSentence, plainStep } from '../../../../src/workbench/ui/plain.ts';
import { type Kind, kindOf } from '../kind.ts';
import { assertLines, assertOneLine, hostileText } from '../text.ts';

/** What VS Code makes a link of in a notice. */
const LINK = /\[[^\]]+\]\((?:https?:\/\/|command:|file:)[^)\s]+(?: (["']).+?\1)?\)/iu;
/** What it makes a picture of. */
const ICON = /(?<!\\)\$\([a-z0-9-]+(?:~[a-z]+)?\)/iu;
/** What turns the text around it, or hides in it. */
const TURNING = /[\u202a-\u202e\u2066\u2067\u061c\u200e\u200f\ufeff]/u;

function look(text: string): void {
  const shownTexts = [
    plainSentence(`Could not start ${quoted(text)}. ${text}`),
    plainStep({ message: text }).message ?? '',
    plainOptions({ detail: text, modal: true }).detail ?? '',
  ];
  for (const shown of shownTexts) {
    assert.doesNotMatch(shown, LINK);
    assert.doesNotMatch(shown, TURNING);
    assertLines(shown, 'a notice');
  }
  const item = plainItem({ label: text, description: text, detail: text });
  for (const shown of [item.label, item.description, item.detail, withoutIcons(text)])
    assert.doesNotMatch(shown, ICON);
  assertOneLine(displayName(text), 'a label');
}

export const notices: readonly Kind[] = [kindOf('notices', 6000, (random) => hostileText(random, 12), look)];
