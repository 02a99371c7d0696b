import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Analysis } from '../../../../src/language/schema/analysis.ts';
import { holdBack } from '../../../../src/language/schema/calm.ts';
import { complete, type Completion } from '../../../../src/language/schema/complete.ts';
import { isNotAllowed } from '../../../../src/language/schema/diagnostic.ts';
import { explain } from '../../../../src/language/schema/explain.ts';
import { fixesFor } from '../../../../src/language/schema/fix.ts';
import { schemaForKind, schemaForRoot } from '../../../../src/language/schema/kinds.ts';
import {
  firstValueSlot,
  plainSlot,
  snippetSlot,
  writeSkeleton,
} from '../../../../src/language/schema/skeleton.ts';
import { diagnose, validate } from '../../../../src/language/schema/validate.ts';
import { applyEdits } from '../../../../src/language/xml/edit.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { guest, isValid } from './grammars.ts';

const body = (inner: string): string => `<guest type='kvm'>\n  <name>g</name>\n${inner}\n</guest>\n`;

/** Asks at the `|` of a text. */
function ask(marked: string): Completion {
  const offset = marked.indexOf('|');
  return complete(new Analysis(parseDocument(marked.replace('|', '')), guest), offset);
}

function names(completion: Completion): string[] {
  return completion.items.map((item) => (item.kind === 'value' ? item.value : item.name)).toSorted();
}

suite('Completing', () => {
  test('offers the elements that may still stand there', () => {
    assert.deepEqual(names(ask(body('  <memory>1</memory>\n  |'))), ['devices', 'os']);
  });
  test('counts what comes later', () => {
    assert.deepEqual(names(ask(body('  |\n  <devices/>'))), ['memory', 'os']);
  });
  test('marks what is missing', () => {
    const { items } = ask("<guest type='kvm'>\n  |\n</guest>");
    const required = items.filter((item) => item.kind === 'element' && item.required);
    assert.deepEqual(
      required.map((item) => item.kind === 'element' && item.name),
      ['name'],
    );
  });
  test('replaces a name that is begun, whatever follows', () => {
    const completion = ask(body('  <devices>\n    <so|\n    <disk/>\n  </devices>'));
    assert.deepEqual(names(completion), ['disk', 'sound']);
    assert.equal(completion.end - completion.start, '<so'.length);
  });
  test('offers attributes that are not there yet and fit together', () => {
    assert.deepEqual(
      names(ask(body("  <devices><disk><target dev='a'/><source pool='p' |/></disk></devices>"))),
      ['volume'],
    );
    assert.deepEqual(names(ask(body("  <devices><disk><target dev='a'/><source |/></disk></devices>"))), [
      'file',
      'pool',
      'volume',
    ]);
  });
  test('offers the values of a closed list', () => {
    const completion = ask(body("  <devices><sound model='|'/></devices>"));
    assert.deepEqual([names(completion), completion.open], [['ac97', 'ich9'], false]);
  });
  test('marks a list that the schema leaves open', () => {
    const completion = ask(body("  <os machine='|'><loader/></os>"));
    assert.deepEqual([names(completion), completion.open], [['pc', 'q35'], true]);
  });
  test('closes the innermost element that is open', () => {
    assert.deepEqual(names(ask(body('  <devices>\n  </|'))), ['devices']);
  });
  test('offers the root of an empty document', () => {
    assert.deepEqual(names(ask('|')), ['guest']);
  });
  test('writes an element with all that it needs', () => {
    const disk = ask(body('  <devices>|</devices>')).items.find(
      (item) => item.kind === 'element' && item.name === 'disk',
    );
    assert.ok(disk?.kind === 'element');
    assert.equal(writeSkeleton(disk.skeleton, plainSlot), "<disk>\n  <target dev=''/>\n</disk>");
    assert.equal(writeSkeleton(disk.skeleton, snippetSlot), "<disk>\n  <target dev='${1}'/>$0\n</disk>");
    assert.ok(isValid(guest, body(`<devices>${writeSkeleton(disk.skeleton, firstValueSlot)}</devices>`)));
  });
});

suite('Explaining', () => {
  const text = body("  <devices><sound model='ich9'/></devices>");
  const at = (needle: string): ReturnType<typeof explain> =>
    explain(new Analysis(parseDocument(text), guest), text.indexOf(needle) + 1);

  test('says what an attribute takes', () => {
    const found = at('model');
    assert.deepEqual(
      [found?.name, found?.required, found?.values, found?.open, found?.path],
      ['model', true, ['ich9', 'ac97'], false, ['guest', 'devices', 'sound']],
    );
  });
  test('says what an element holds', () => {
    const found = at('<devices');
    assert.deepEqual([found?.required, found?.children], [false, ['disk', 'sound']]);
  });
  test('says nothing where there is nothing', () => assert.equal(at('\n'), undefined));
});

suite('Typing is calm:', () => {
  /** What is told while a person types at the cursor. */
  function errorsAround(cursor: number, text: string) {
    const document = parseDocument(text);
    const errors = validate(document, guest).filter(({ severity }) => severity === 'error');
    return holdBack(document, errors, cursor);
  }

  test('a new element, letter by letter, raises no error', () => {
    const before = "<guest type='kvm'>\n  <name>g</name>\n  <devices>";
    const after = "\n    <sound model='ich9'/>\n  </devices>\n</guest>\n";
    const typed = "\n    <disk device='cdrom'>\n      <target dev='sda' bus='sata'/>\n    </disk>";
    for (let end = 1; end <= typed.length; end += 1) {
      const text = before + typed.slice(0, end) + after;
      assert.deepEqual(errorsAround(before.length + end, text), [], text);
    }
  });
  test('errors elsewhere are still told', () => {
    const text = body('  <memory>x</memory>\n  <os>');
    assert.equal(errorsAround(text.indexOf('<os>') + 4, text).length, 1);
  });
});

suite('Kinds of documents', () => {
  test('are known by their root element', () => {
    assert.deepEqual(['domain', 'pool', 'volume', 'x'].map(schemaForRoot), [
      'domain',
      'storagepool',
      'storagevol',
      undefined,
    ]);
  });
  test('have more than one name', () => {
    assert.deepEqual(['storagepool', 'pool', 'snapshot', 'x'].map(schemaForKind), [
      'storagepool',
      'storagepool',
      'domainsnapshot',
      undefined,
    ]);
  });
});

suite('Random edits', () => {
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
