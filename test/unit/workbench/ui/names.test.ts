import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { withoutLinks } from '../../../../src/model/text/links.ts';
import { displayName, pickLabel, quoted } from '../../../../src/workbench/ui/names.ts';

/** Name, and how a tree shows it. */
const NAMES: readonly (readonly [what: string, name: string, shown: string])[] = [
  ['a plain name', 'web-01.example', 'web-01.example'],
  ['quotes', `it's "web" “x”`, `it's "web" “x”`],
  ['a command', '$(reboot) `id` ${HOME}', '$(reboot) `id` ${HOME}'],
  ['a newline', 'web\ndb', String.raw`web\u{a}db`],
  ['other controls', 'a\0b\u001b[31mc\u007f\u0085', String.raw`a\u{0}b\u{1b}[31mc\u{7f}\u{85}`],
  ['Unicode line breaks', 'a\u2028b\u2029c', String.raw`a\u{2028}b\u{2029}c`],
  ['right-to-left letters', 'שרת ١', 'שרת ١'],
  ['a bidi override', 'a\u202eb\u202c', String.raw`a\u{202e}b\u{202c}`],
  ['bidi isolates and marks', '\u2066a\u2069\u200f\u061c', String.raw`\u{2066}a\u{2069}\u{200f}\u{61c}`],
  ['zero width characters', 'we\u200bb\u2060\ufeff', String.raw`we\u{200b}b\u{2060}\u{feff}`],
  ['a soft hyphen', 'we\u00adb', String.raw`we\u{ad}b`],
  ['invisible tags', 'a\u{e0041}\u{e007f}', String.raw`a\u{e0041}\u{e007f}`],
  ['emoji', '🦊🚀 ☕️', '🦊🚀 ☕️'],
  ['255 letters', 'x'.repeat(255), 'x'.repeat(255)],
  ['a link', '[click](command:x)', '[click](command:x)'],
];

suite('Names in trees', () => {
  for (const [what, name, shown] of NAMES) test(what, () => assert.equal(displayName(name), shown));

  test('different names never look the same because something is invisible', () => {
    const names = NAMES.map(([, name]) => displayName(name));
    assert.equal(new Set(names).size, NAMES.length);
    assert.notEqual(displayName('web'), displayName('web\u200b'));
  });
});

suite('Names in quick picks', () => {
  test('no name becomes an icon', () => {
    assert.equal(pickLabel('$(trash) $(x'), String.raw`\$(trash) $(x`);
    assert.equal(pickLabel('$1 (x)'), '$1 (x)');
    assert.equal(pickLabel('a\u202eb'), String.raw`a\u{202e}b`);
  });
});

suite('Names in sentences', () => {
  for (const [what, name] of NAMES)
    test(`${what}: one line, isolated, no link`, () => {
      const sentence = quoted(name);
      assert.match(sentence, /^“\u2068[^\n\r]*\u2069”$/u);
      const inside = sentence.slice(2, -2);
      assert.doesNotMatch(inside, /[\u2066-\u2069\u202a-\u202e]/u, 'nothing can end the isolation');
      assert.doesNotMatch(inside, /\]\(/u);
      assert.ok(Array.from(inside).length <= 81);
    });

  test('long names are shortened between characters, never inside one', () => {
    assert.equal(quoted('🦊'.repeat(81)), `“\u2068${'🦊'.repeat(79)}…\u2069”`);
    assert.equal(quoted('🦊'.repeat(80)), `“\u2068${'🦊'.repeat(80)}\u2069”`);
  });

  test('a link is taken apart', () => {
    assert.equal(withoutLinks('[a](b) [c](d)'), '[a]\u200b(b) [c]\u200b(d)');
  });
});
