import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Analysis } from '../../../../src/language/schema/analysis.ts';
import { complete, type Completion } from '../../../../src/language/schema/complete.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { body, guest } from './grammars.ts';

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
});
