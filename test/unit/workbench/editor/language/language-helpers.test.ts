import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { closingTagAt } from '../../../../../src/workbench/editor/language/closing-tag.ts';
import { deviceSnippets } from '../../../../../src/workbench/editor/language/device-snippets.ts';
import { kindOfDocument } from '../../../../../src/workbench/editor/language/document-kind.ts';
import { escapeMarkdown } from '../../../../../src/workbench/editor/language/markdown.ts';
import { outlineName } from '../../../../../src/workbench/editor/language/outline-names.ts';
import { rootNameOf } from '../../../../../src/workbench/editor/language/root-name.ts';
import { parseDocument } from '../../../../../src/language/xml/parse.ts';

function kind(text: string) {
  return kindOfDocument(parseDocument(text));
}

/** The end tag for what was typed up to the `|`. */
function closing(text: string): string | undefined {
  return closingTagAt(parseDocument(text.replace('|', '')), text.indexOf('|'));
}

suite('The root of a document', () => {
  test('is found behind what may stand before it', () => {
    assert.equal(
      rootNameOf("<?xml version='1.0'?>\n<!-- <a> -->\n<!DOCTYPE x>\n<domain type='kvm'>"),
      'domain',
    );
    assert.equal(rootNameOf('<domain'), 'domain');
  });

  test('is missing in an empty text, a comment and a prolog without an end', () => {
    for (const text of ['', 'domain', '<!-- <domain> ', '<?xml', '<'])
      assert.equal(rootNameOf(text), undefined, text);
  });

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

suite('The end tag that is written by itself', () => {
  test('follows a start tag that has none', () => {
    assert.equal(closing('<a>|'), 'a');
    assert.equal(closing("<a>\n  <b c='d'>|\n</a>"), 'b');
    assert.equal(closing('<a><b>|<b></b></a>'), 'b');
  });

  test('does not follow one that is closed, or that closes itself', () => {
    for (const text of ['<a>|</a>', '<a><b/>|</a>', '<a></a>|', '<a><!-- > -->|</a>'])
      assert.equal(closing(text), undefined, text);
  });

  test('is completed from its beginning', () => {
    assert.equal(closing('<a><b>text</|'), 'b');
    assert.equal(closing('<a><b></b></|'), 'a');
    assert.equal(closing('<a><b></|b></a>'), undefined);
  });
});

suite('The names in the outline', () => {
  for (const [xml, name] of [
    ["<disk><target dev='vda'/></disk>", 'vda'],
    ["<interface type='user'><mac address='52:54:00:01:02:03'/></interface>", '52:54:00:01:02:03'],
    ["<interface type='user'/>", 'user'],
    ["<controller type='usb' index='0'/>", 'usb 0'],
    [
      "<hostdev type='pci'><source><address domain='0x0000' bus='0x01' slot='0x00' function='0x1'/></source></hostdev>",
      'pci 0000:01:00.1',
    ],
    ['<memory>1024</memory>', '1024'],
    ['<domain><name>web</name></domain>', 'web'],
    ['<devices/>', ''],
  ] as const)
    test(`${xml} is called “${name}”`, () => {
      const { root } = parseDocument(xml);
      assert.ok(root);
      assert.equal(outlineName(root), name);
    });
});

test('foreign text cannot become Markdown or HTML', () => {
  assert.equal(
    escapeMarkdown('[a](command:x) <b> *c* $(trash)'),
    String.raw`\[a\]\(command:x\) &lt;b\> \*c\* \$\(trash\)`,
  );
});

test('every snippet makes the element that it is offered for', () => {
  for (const { body, element, label } of deviceSnippets) {
    const plain = body.replaceAll(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1').replaceAll(/\$\{\d+:?([^}]*)\}/g, '$1');
    const { root, problems } = parseDocument(plain.replaceAll('$0', ''));
    assert.deepEqual(problems, [], label);
    assert.equal(root?.name, element, label);
  }
});
