import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { suite, test } from 'node:test';
import { installedSchemas } from '../../../../scripts/lib/compile-schemas.ts';
import { checkDocument } from '../../../../src/language/checks/check-document.ts';
import { Analysis } from '../../../../src/language/schema/analysis.ts';
import { holdBack } from '../../../../src/language/schema/calm.ts';
import { complete } from '../../../../src/language/schema/complete.ts';
import { isNotAllowed } from '../../../../src/language/schema/diagnostic.ts';
import { explain } from '../../../../src/language/schema/explain.ts';
import { fixesFor } from '../../../../src/language/schema/fix.ts';
import { relaxngFolder, SchemaSet } from '../../../../src/language/schema/schema-set.ts';
import { diagnose } from '../../../../src/language/schema/validate.ts';
import { applyEdits } from '../../../../src/language/xml/edit.ts';
import { formatEdits } from '../../../../src/language/xml/format.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { makeDomain } from '../../../bench/editor/documents.ts';
import { body, guest } from './grammars.ts';

const options = existsSync(installedSchemas) ? {} : { skip: 'libvirt’s schemas are not installed' };

const EDITS = 20_000;
/** What only some states of the text are asked for, to stay within seconds. */
const OFTEN = 50;
const BITS =
  String.raw`< > / ' " & = </ /> <!-- --> ]]> <![CDATA[ <? &lt; &x; &#0; : xmlns= 0x -1 <address/> </disk>`
    .split(' ')
    .concat('', ' ', '\n', '\0', '\uD800', '\u00E9', "<disk type='file'>", " xmlns:a='b'", '<!DOCTYPE x [');

/** The same numbers every time. */
function makeRoll(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

suite('The engine on libvirt’s own schema', options, () => {
  const schemas = new SchemaSet(relaxngFolder(installedSchemas));
  const whole = makeDomain(60);
  const small = `<domain type='kvm'>
  <name>a</name>
  <memory unit='KiB'>1</memory>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
  </os>
  <devices>
    <disk type='file'>
      <source file='/a'/>
      <target dev='vda' bus='virtio'/>
    </disk>
  </devices>
</domain>
`;

  /** Everything that an editor asks; each range has to lie in the text. */
  function askAll(text: string, cursor: number, isThorough: boolean): void {
    const document = parseDocument(text);
    const analysis = new Analysis(document, schemas.get('domain'));
    const found = diagnose(analysis);
    for (const { start, end } of found) assert.ok(start >= 0 && start <= end && end <= text.length);
    if (!isThorough) return;
    holdBack(document, found, cursor);
    const { start, end } = complete(analysis, cursor);
    assert.ok(start >= 0 && start <= end && end <= text.length);
    explain(analysis, cursor);
    checkDocument(document);
    applyEdits(text, formatEdits(document, { unit: '  ' }));
    for (const each of found.slice(0, 3))
      for (const { edits } of fixesFor(analysis, each)) applyEdits(text, edits);
  }

  test('takes every truncation of a document', () => {
    for (let end = 0; end <= whole.length; end += 1) askAll(whole.slice(0, end), end, end % 20 === 0);
  });

  test(`takes ${EDITS} random edits`, () => {
    const roll = makeRoll(7);
    let text = small;
    for (let edit = 0; edit < EDITS; edit += 1) {
      // A few edits on top of each other, then from the start.
      if (edit % 4 === 0) text = small;
      const at = roll(text.length + 1);
      text = text.slice(0, at) + (BITS[roll(BITS.length)] ?? '') + text.slice(at + roll(6));
      askAll(text, Math.min(at + roll(3), text.length), edit % OFTEN === 0);
    }
  });

  const device = (inside: string): string =>
    `<domain type='kvm'><name>a</name><memory>1</memory><os><type>hvm</type></os><devices>${inside}</devices></domain>`;
  const hostile: readonly (readonly [name: string, text: string])[] = [
    [
      'entities that multiply',
      `<!DOCTYPE domain [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>${device('&b;')}`,
    ],
    ['an attribute of a megabyte', device(`<disk type='${'f'.repeat(1 << 20)}'/>`)],
    ['a name of a megabyte', device(`<${'d'.repeat(1 << 20)}/>`)],
    ['a text of a megabyte', device(`<emulator>${'/x'.repeat(1 << 19)}</emulator>`)],
    ['twenty thousand strangers', device('<stranger/>'.repeat(20_000))],
    ['five thousand broken disks', device("<disk type='none'><target bus='x'/></disk>".repeat(5000))],
    [
      'ten thousand attributes',
      device(`<disk ${Array.from({ length: 10_000 }, (_, at) => `a${at}='1'`).join(' ')}/>`),
    ],
    ['disks nested two hundred deep', device('<disk>'.repeat(200) + '</disk>'.repeat(200))],
    ['elements nested fifty thousand deep', '<domain>'.repeat(50_000)],
    ['a program', '\u007fELF\0\0\u0001'.repeat(100_000)],
  ];
  for (const [name, text] of hostile)
    test(`takes ${name} in bounded time and memory`, () => {
      const before = process.memoryUsage().heapUsed;
      const started = performance.now();
      askAll(text, text.length >> 1, true);
      const seconds = (performance.now() - started) / 1000;
      assert.ok(seconds < 5, `${seconds} s`);
      assert.ok(process.memoryUsage().heapUsed - before < 300e6);
    });
});

suite('Random edits of a document with a small schema', () => {
  test('never make anything throw, and every range lies in the text', () => {
    const whole = body("  <os><loader/></os>\n  <devices>\n    <disk><target dev='a'/></disk>\n  </devices>");
    const bits = ['<', '>', '/', "'", '&', '=', '</', '<!--', ']]>', '<disk>', '\uD800', '\0', 'q:', ''];
    let state = 42;
    const roll = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return state % below;
    };
    for (let round = 0; round < 2000; round += 1) {
      const at = roll(whole.length + 1);
      const text =
        round < whole.length
          ? whole.slice(0, round)
          : whole.slice(0, at) + (bits[roll(bits.length)] ?? '') + whole.slice(at + roll(8));
      const analysis = new Analysis(parseDocument(text), guest);
      const cursor = roll(text.length + 1);
      complete(analysis, cursor);
      explain(analysis, cursor);
      const diagnostics = diagnose(analysis);
      holdBack(analysis.document, diagnostics, cursor);
      for (const found of diagnostics) {
        assert.ok(found.start >= 0 && found.start <= found.end && found.end <= text.length);
        assert.equal(typeof isNotAllowed(found), 'boolean');
        for (const { edits } of fixesFor(analysis, found)) applyEdits(text, edits);
      }
    }
  });
});
