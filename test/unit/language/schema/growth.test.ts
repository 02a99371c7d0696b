import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { suite, test } from 'node:test';
import { installedSchemas } from '../../../../scripts/lib/compile-schemas.ts';
import { checkDocument } from '../../../../src/language/checks/check-document.ts';
import { Analysis } from '../../../../src/language/schema/analysis.ts';
import { holdBack } from '../../../../src/language/schema/calm.ts';
import { complete } from '../../../../src/language/schema/complete.ts';
import { explain } from '../../../../src/language/schema/explain.ts';
import { fixesFor } from '../../../../src/language/schema/fix.ts';
import { relaxngFolder, SchemaSet } from '../../../../src/language/schema/schema-set.ts';
import { diagnose } from '../../../../src/language/schema/validate.ts';
import { formatEdits } from '../../../../src/language/xml/format.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { deviceChanges } from '../../../../src/model/operations/domain/device-changes.ts';
import { closingTagAt } from '../../../../src/workbench/editor/language/closing-tag.ts';
import { outlineName } from '../../../../src/workbench/editor/language/outline-names.ts';
import { linksIn } from '../../../../src/workbench/editor/language/references.ts';
import { WrittenTags } from '../../../../src/workbench/editor/language/written-tags.ts';
import { samePlace } from '../../../../src/workbench/editor/documents/cursor.ts';
import { assertLinear, assertQuick, repeated } from '../../../support/growth.ts';

/** As many as one of the repeated parts has at most. */
const TAGS = 4;

const options = existsSync(installedSchemas) ? {} : { skip: 'libvirt’s schemas are not installed' };

function domain(devices: string): string {
  return `<domain type='kvm'>\n  <name>a</name>\n  <memory>1</memory>\n  <os><type>hvm</type></os>\n  <devices>\n${devices}\n  </devices>\n</domain>\n`;
}

const documents: readonly (readonly [what: string, make: (size: number) => string])[] = [
  [
    'disks',
    (n) =>
      domain(repeated(n, (i) => `<disk type='file'><source file='/${i}'/><target dev='v${i}'/></disk>\n`)),
  ],
  ['disks that are the same', (n) => domain("<disk type='file'><target dev='vda'/></disk>\n".repeat(n))],
  ['disks that are wrong inside', (n) => domain("<disk type='none'><target bus='x'/></disk>".repeat(n))],
  [
    'disks that hold strangers',
    (n) => domain(repeated(n, (i) => `<disk type='file'><zource file='${i}'/></disk>`)),
  ],
  ['strangers', (n) => domain(repeated(n, (i) => `<stranger${i}/>`))],
  ['disks that lack what they need', (n) => domain("<disk type='file'></disk>".repeat(n))],
  [
    'disks that hold what belongs elsewhere',
    (n) => domain("<disk type='file'><target dev='vda'/><memory>1</memory><vcpu>1</vcpu></disk>".repeat(n)),
  ],
  ['values with white space', (n) => domain("<disk type=' file'><target dev='vda '/></disk>".repeat(n))],
  ['a prefix that is not declared', (n) => domain("<q:disk q:type='file'/>".repeat(n))],
  ['namespaces of nobody', (n) => domain(repeated(n, (i) => `<q:disk xmlns:q='urn:${i}'/>`))],
  [
    'values that could be many',
    (n) => domain("<interface type='nat'><source network='a'/></interface>".repeat(n)),
  ],
  ['disks with another end', (n) => domain("<disk type='file'></dask>".repeat(n))],
  ['names that are nearly right', (n) => domain("<dusk type='file'/>".repeat(n))],
  ['controllers and devices on none of them', (n) => domain(usb(n))],
  ['disks that nobody closes', (n) => domain("    <disk type='file'>\n".repeat(n))],
  ['tags that nobody closes', (n) => domain("    <disk type='file'\n".repeat(n))],
  ['end tags', (n) => domain('</disk>'.repeat(n))],
  ['text between elements', (n) => domain('x<disk/>'.repeat(n))],
  ['roots', (n) => '<domain/>'.repeat(n)],
  ['attributes', (n) => domain(`<disk ${repeated(n, (i) => `a${i}='1' `)}/>`)],
  ['children of 200 elements in each other', (n) => domain('<disk>'.repeat(200) + '<target/>'.repeat(n))],
];

function usb(count: number): string {
  return repeated(count, (i) =>
    i % 2 === 0
      ? `<controller type='usb' index='${i}'/>`
      : `<input type='tablet' bus='usb'><address type='usb' bus='${i + 1e6}'/></input>`,
  );
}

/**
 * Places in the middle of a text, one in each of some tags in a row and one behind it: these are of the same kinds
 * however long the text is, since what it consists of has fewer tags.
 */
function placesIn(text: string): readonly number[] {
  const places: number[] = [];
  let at = text.indexOf('<', text.length >> 1);
  for (; at !== -1 && places.length < TAGS * 2; at = text.indexOf('<', at + 1))
    places.push(at + 2, Math.max(text.indexOf('>', at), at) + 1);
  return places.length === 0 ? [text.lastIndexOf('<') + 2] : places;
}

suite('A domain that was made to be slow', options, () => {
  const schema = new SchemaSet(relaxngFolder(installedSchemas)).get('domain');
  const analysed = (text: string) => new Analysis(parseDocument(text), schema);
  const bySchema: readonly (readonly [verb: string, ask: (analysis: Analysis, offset: number) => unknown])[] =
    [
      [
        'is diagnosed, and held back,',
        (analysis, offset) => holdBack(analysis.document, diagnose(analysis), offset),
      ],
      ['is completed', complete],
      ['is explained', explain],
    ];
  for (const [verb, ask] of bySchema)
    test(`${verb} in step with what is in it`, () =>
      allAreLinear(250, (text) => {
        const analysis = analysed(text);
        for (const offset of placesIn(text)) ask(analysis, offset);
      }));

  const bySyntax: readonly (readonly [verb: string, ask: (text: string) => unknown])[] = [
    ['is completed with an end tag', (text) => complete(analysed(`${text}</`), text.length + 2)],
    ['is formatted', (text) => formatEdits(parseDocument(text))],
    ['is checked', (text) => checkDocument(parseDocument(text))],
    ['has links', (text) => linksIn(parseDocument(text))],
    ['has an outline', (text) => parseDocument(text).elements.map(outlineName)],
    ['is closed', closeAll],
  ];
  for (const [verb, ask] of bySyntax)
    test(`${verb} in step with what is in it`, () => allAreLinear(1500, ask));

  test('is compared with what runs in step with what is in it', () =>
    allAreLinear(500, (text) => deviceChanges(text, text.replace('kvm', 'qemu'))));

  test('with mistakes all over stops nobody, and says that not all is looked for', async () => {
    const text = domain(repeated(20_000, (i) => `<disk type='file'><zource file='${i}'/></disk>`));
    await assertQuick(() => diagnose(analysed(text)), 1500);
    const found = diagnose(analysed(text));
    assert.match(found[0]?.message ?? '', /more mistakes here than are shown/);
  });

  test('has quick fixes for all that is wrong, which are not tried in all places when that is dear', async () => {
    for (const [what, make] of documents) {
      const text = make(300);
      const fixed = () => {
        const analysis = analysed(text);
        return diagnose(analysis).flatMap((each) => fixesFor(analysis, each));
      };
      await assertQuick(fixed, 1500).catch((error: unknown) => assert.fail(`${what}: ${String(error)}`));
    }
  });
});

suite('A domain of megabytes', options, () => {
  const schema = new SchemaSet(relaxngFolder(installedSchemas)).get('domain');
  const huge = 'x'.repeat(3_000_000);
  const wrong = "<disk type='file'><memory>1</memory></disk>".repeat(1500);
  const asked = (text: string) => {
    const analysis = new Analysis(parseDocument(text), schema);
    const found = diagnose(analysis);
    for (const offset of placesIn(text)) {
      complete(analysis, offset);
      explain(analysis, offset);
    }
    const fixes = found.flatMap((each) => fixesFor(analysis, each));
    return [...found.map(({ message }) => message), ...fixes.map(({ title }) => title)];
  };
  const made: readonly (readonly [what: string, text: string])[] = [
    ['on one line, with many mistakes', domain(`<!-- ${huge} -->${wrong}`).replaceAll('\n', '')],
    ['with a value that long', domain(`<disk type='${huge}'/>`)],
    ['with a text that long', domain(`<emulator>${huge}</emulator>`)],
    ['with a name that long', domain(`<${huge}><disk/></${huge}>${wrong}`)],
    ['with an attribute that long', domain(`<disk ${huge}='1' ${huge}='2'/>`)],
    ['of end tags with a name that long', domain(`<${'x'.repeat(20_000)}>${'</disk>'.repeat(1000)}`)],
    ['of entities', domain(`<emulator>${'&amp;'.repeat(600_000)}</emulator>`)],
    ['of entities that there are not', domain(`<emulator>${'&nothing;'.repeat(300_000)}</emulator>`)],
    ['of white space', domain(`${' '.repeat(2_000_000)}${'\n'.repeat(2_000_000)}<dusk/>`)],
    ['of a comment that does not end', domain(`<!-- ${huge}`)],
  ];
  for (const [what, text] of made)
    test(`${what} stops nobody, and is told of in short sentences`, async () => {
      assert.ok(asked(text).every((sentence) => sentence.length < 500));
      await assertQuick(() => asked(text), 1500);
    });
});

async function allAreLinear(size: number, ask: (text: string) => unknown): Promise<void> {
  for (const [what, make] of documents)
    await assertLinear(size, make, ask).catch((error: unknown) => assert.fail(`${what}: ${String(error)}`));
}

function closeAll(text: string): unknown {
  const document = parseDocument(text);
  return placesIn(text).map((offset) =>
    closingTagAt(document, text.indexOf('>', offset) + 1, new WrittenTags()),
  );
}

suite('A text that libvirt writes anew', () => {
  test('keeps the cursor in step with its lines', () =>
    assertLinear(
      5000,
      (n) => repeated(n, (i) => `old ${i}\n`),
      (text) =>
        samePlace(text, text.replaceAll('old', 'new'), { line: text.split('\n').length - 2, character: 1 }),
    ));
});
