import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { kindOfDocument } from '../../../../../src/workbench/editor/language/document-kind.ts';
import { parseDocument } from '../../../../../src/language/xml/parse.ts';

function kind(text: string) {
  return kindOfDocument(parseDocument(text));
}

suite('The root of a document', () => {
  test('tells libvirt’s documents from others', () => {
    assert.equal(kind("<domain type='kvm'/>"), 'domain');
    assert.equal(kind('<network><name>x</name></network>'), 'network');
    assert.equal(kind('<interface>'), 'interface');
    assert.equal(kind("<interface><requires lib='gtk'/></interface>"), undefined);
    assert.equal(kind('<project/>'), undefined);
    assert.equal(kind("<domain xmlns='urn:other'><name/></domain>"), undefined);
    assert.equal(kindOfDocument(parseDocument('<domian/>'), 'domain'), 'domain');
  });
});
