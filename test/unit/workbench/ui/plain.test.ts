import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { plainItem, plainOptions, plainSentence, plainStep } from '../../../../src/workbench/ui/plain.ts';
import { withoutIcons } from '../../../../src/workbench/ui/names.ts';

/** How VS Code finds links in what it shows in a notice. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
const EVIL = 'see [the log](command:workbench.action.terminal.new) and [more](https://a.b "c")';

suite('What daemons, guests and files say in front of a person', () => {
  test('leads nowhere in details and while something goes on', () => {
    assert.match(EVIL, LINK);
    const options = plainOptions({ modal: true, detail: EVIL });
    assert.equal(options.modal, true);
    assert.doesNotMatch(options.detail ?? '', LINK);
    const step = plainStep({ message: EVIL, increment: 3 });
    assert.equal(step.increment, 3);
    assert.doesNotMatch(step.message ?? '', LINK);
    assert.deepEqual(plainOptions({ modal: true }), { modal: true });
    assert.deepEqual(plainStep({ increment: 3 }), { increment: 3 });
  });

  test('turns no sentence around and hides nothing in it, and our own marks around names stay', () => {
    const shown = plainSentence('a\u202etxt\u0007\u200f “\u2068name\u2069”\r\n\tnext');
    assert.equal(shown, String.raw`a\u{202e}txt\u{7}\u{200f} “${'\u2068name\u2069'}”` + '\n\tnext');
    assert.equal(plainOptions({ detail: '\u202e' }).detail, String.raw`\u{202e}`);
    assert.equal(plainStep({ message: '\u202e' }).message, String.raw`\u{202e}`);
  });

  test('shows no icon in a list, and keeps what else an item has', () => {
    const item = plainItem({ label: '$(check) done', description: '$(x~spin)', detail: 'a $(b)', target: 7 });
    assert.deepEqual(item, {
      label: String.raw`\$(check) done`,
      description: String.raw`\$(x~spin)`,
      detail: String.raw`a \$(b)`,
      target: 7,
    });
    assert.deepEqual(plainItem(item), item, 'what is text already stays as it is');
    assert.equal(withoutIcons('$(no icon) $5 $()'), '$(no icon) $5 $()');
  });
});
