import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Analysis } from '../../../../src/language/schema/analysis.ts';
import { complete, type Completion } from '../../../../src/language/schema/complete.ts';
import {
  firstValueSlot,
  plainSlot,
  snippetSlot,
  writeSkeleton,
} from '../../../../src/language/schema/skeleton.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { body, guest, isValid } from './grammars.ts';

/** Asks at the `|` of a text. */
function ask(marked: string): Completion {
  const offset = marked.indexOf('|');
  return complete(new Analysis(parseDocument(marked.replace('|', '')), guest), offset);
}

suite('The skeleton of an element', () => {
  test('has all that it needs', () => {
    const disk = ask(body('  <devices>|</devices>')).items.find(
      (item) => item.kind === 'element' && item.name === 'disk',
    );
    assert.ok(disk?.kind === 'element');
    assert.equal(writeSkeleton(disk.skeleton, plainSlot), "<disk>\n  <target dev=''/>\n</disk>");
    assert.equal(writeSkeleton(disk.skeleton, snippetSlot), "<disk>\n  <target dev='${1}'/>$0\n</disk>");
    assert.ok(isValid(guest, body(`<devices>${writeSkeleton(disk.skeleton, firstValueSlot)}</devices>`)));
  });
});
