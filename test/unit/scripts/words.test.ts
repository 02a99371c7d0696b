import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findUntranslated } from '../../../scripts/lib/words/untranslated.ts';

const IMPORT = "import { t } from '@vscode/l10n';";

function findings(code: string, start = IMPORT): string[] {
  return findUntranslated('example.ts', `${start}\n${code}`).map(
    ({ line, message }) => `${line}: ${message}`,
  );
}

/** The messages for one expression that a function returns. */
function of(expression: string): string[] {
  return findings(`export const f = (n: number, a: string) => ${expression};`).map((found) => found.slice(3));
}

suite('words that can be translated', () => {
  test('a sentence in t is fine, in one and in many', () => {
    assert.deepEqual(of("t('It is off.')"), []);
    assert.deepEqual(
      of("n === 1 ? t('One disk of {0} is lost.', a) : t('{0} disks of {1} are lost.', n, a)"),
      [],
    );
  });

  test('prose outside of t is a finding, with its line', () => {
    assert.deepEqual(findings("\nexport const f = () => 'The host is away.';"), [
      '3: “The host is away.” is not translated',
    ]);
    assert.deepEqual(of('`Start ${a}`'), ['“Start …” is not translated']);
    assert.deepEqual(of('`${n} disks`'), ['“… disks” is not translated']);
    assert.deepEqual(of("'Delete'"), ['“Delete” is not translated']);
    assert.deepEqual(of("[a].join(' and ')"), ['“and” is not translated']);
    assert.deepEqual(of("a === 'x y' ? 'is' : 'are'"), ['“is” is not translated', '“are” is not translated']);
  });

  test('any word is one where VS Code shows it', () => {
    assert.deepEqual(of("({ description: n > 1 ? 'running' : a })"), ['“running” is not translated']);
    assert.deepEqual(of("({ state: 'running' })"), []);
  });

  test('markup is one by what it shows', () => {
    assert.deepEqual(of('\'<disk type="file disk"><name/></disk>\''), []);
    assert.equal(of("'<button>Send</button>'").length, 1);
    assert.equal(of('\'<button title="Send keys"></button>\'').length, 1);
  });

  test('what nobody reads is none', () => {
    assert.deepEqual(
      findings("import { x } from './two words.ts';\nexport type T = 'two words' | 'Word';"),
      [],
    );
    assert.deepEqual(of("({ 'two words': a === 'two words' })"), []);
    assert.deepEqual(of("new TypeError('Two edits overlap')"), []);
    assert.deepEqual(of("monitor(a, 'info registers')"), []);
    assert.deepEqual(of('String.raw`two words`'), []);
    assert.deepEqual(of('presenter.background(`While reading ${a}`, 1)'), []);
    assert.deepEqual(of("'kvm.hosts.add'"), []);
  });

  test('a comment excuses what follows it, and only that', () => {
    assert.deepEqual(of("[\n// not for people: gdb reads it\n'set confirm off', 'Not that'\n]"), [
      '“Not that” is not translated',
    ]);
    assert.deepEqual(
      findings("// not for people: a name\nexport const NAME = ['KVM Workbench', 'Other Name'];"),
      [],
    );
  });

  test('a comment that gives no reason, or excuses nothing, is a finding', () => {
    assert.deepEqual(of("(\n// not for people:\n'two words')"), ['“two words” is not translated']);
    assert.deepEqual(of("(\n// not for people: it is short\n'word')"), [
      'nothing that follows needs to be excused',
    ]);
  });

  test('the sentence is one plain string', () => {
    const message = 'the sentence is not one plain string';
    assert.deepEqual(of('t(a)'), [message]);
    assert.deepEqual(of('t(`off`)'), [message]);
    assert.deepEqual(of("t('off ' + a)").slice(0, 1), [message]);
    assert.deepEqual(of("t(n === 1 ? 'one' : 'many')").slice(0, 1), [message]);
    assert.deepEqual(of('t`off`'), ['t is called with a string, not as a tag']);
  });

  test('placeholders and values belong together', () => {
    const message = ' names other placeholders than there are values';
    assert.deepEqual(of("t('{0} of {1}', a)"), [`“{0} of {1}”${message}`]);
    assert.deepEqual(of("t('It is off.', a)"), [`“It is off.”${message}`]);
    assert.deepEqual(of("t('Write {0}')"), [`“Write {0}”${message}`]);
    assert.deepEqual(of("t('{0}, {1} and again {0}', a, n)"), []);
  });

  test('nothing is made of translated pieces', () => {
    const message = 'what t says is put into a longer text: make it one sentence';
    assert.deepEqual(of("`${a}: ${t('off')}`"), [message]);
    assert.deepEqual(of("`${a}: ${n > 1 ? t('off') : ''}`"), [message]);
    assert.deepEqual(of("t('off') + a"), [message]);
    assert.deepEqual(of("t('{0} is lost', t('a disk'))"), [message]);
    assert.deepEqual(of("`${t('It is off.')} ${t('Start it.')}`"), []);
  });

  test('a plural is no ending', () => {
    assert.deepEqual(of("`disk${n === 1 ? '' : 's'}`"), [
      'a plural is more than an ending: write one sentence for each',
    ]);
  });

  test('a module says nothing while it is loaded', () => {
    const message = 't is called while the module is loaded, before the language is known';
    assert.deepEqual(findings("export const OFF = t('off');"), [`2: ${message}`]);
    assert.deepEqual(findings("export const WORDS = { off: () => t('off') };"), []);
    assert.deepEqual(findings("export class A { static off = t('off'); on = t('on'); }"), [`2: ${message}`]);
  });

  test('t is imported in one form', () => {
    const use = "export const f = () => l10n.t('off');";
    const message = 't is imported from @vscode/l10n by its name, here as everywhere';
    assert.deepEqual(findings(use, "import * as l10n from '@vscode/l10n';"), [
      "1: @vscode/l10n is imported by its names: import { t } from '@vscode/l10n'",
      `2: ${message}`,
    ]);
    assert.deepEqual(
      findings("export const f = () => vscode.l10n.t('off');", "import * as vscode from 'vscode';"),
      [`2: ${message}`],
    );
    assert.equal(findings('', "import { t as say } from '@vscode/l10n';").length, 1);
  });
});
