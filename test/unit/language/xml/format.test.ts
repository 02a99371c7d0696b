import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { applyEdits } from '../../../../src/language/xml/edit.ts';
import { format, formatEdits } from '../../../../src/language/xml/format.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import type { XmlNode } from '../../../../src/language/xml/tree.ts';

/** What a document means: names, values, and text where there is any. */
function meaning(node: XmlNode): unknown {
  if (node.kind === 'text' || node.kind === 'cdata') return node.value;
  if (node.kind !== 'element') return node.kind;
  const holdsText = node.children.some(
    (child) => child.kind === 'cdata' || (child.kind === 'text' && !child.blank),
  );
  const isLeaf = node.children.every(({ kind }) => kind === 'text');
  const counted = node.children.filter((child) => holdsText || isLeaf || child.kind !== 'text');
  return [node.key, node.attributes.map(({ key, value }) => [key, value]), counted.map(meaning)];
}

/** Numbers that look random and are the same every time. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state % below;
  };
}

function randomDocument(roll: (below: number) => number, depth = 0): string {
  const gaps = ['', ' ', '\n', '\n\n\n', '\t\n  '];
  const gap = (): string => gaps[roll(gaps.length)] ?? '';
  const name = `e${roll(5)}`;
  const attributes = Array.from({ length: roll(3) }, (_, at) => `${gap() || ' '} a${at} = '${roll(9)}'`).join(
    '',
  );
  if (depth > 4 || roll(4) === 0) return `<${name}${attributes} />`;
  if (roll(3) === 0) return `<${name}${attributes}> text ${roll(2) === 0 ? '<i/> tail' : ''}\n</${name}>`;
  const children = Array.from({ length: roll(5) }, () =>
    roll(6) === 0 ? `<!-- c -->` : randomDocument(roll, depth + 1),
  );
  return `<${name}${attributes}>${children.map((child) => gap() + child).join('')}${gap()}</${name} >`;
}

suite('Formatting', () => {
  test('lays a document out as libvirt does', () => {
    const text = `<?xml version='1.0'?><domain  type = 'kvm' ><name>a b</name>\n\n\n\n<os><type>hvm</type></os><!-- end --></domain >`;
    assert.equal(
      format(text),
      `<?xml version='1.0'?>\n<domain type='kvm'>\n  <name>a b</name>\n\n  <os>\n    <type>hvm</type>\n  </os>\n  <!-- end -->\n</domain>\n`,
    );
  });

  test('keeps a comment behind what it speaks of', () => {
    assert.equal(format('<a>\n<b/> <!-- of b -->\n<c/></a>'), '<a>\n  <b/> <!-- of b -->\n  <c/>\n</a>\n');
  });

  test('leaves a text that is no XML as it is', () => {
    assert.equal(format('<a><b></a>'), '<a><b></a>');
  });

  test('keeps the line ends of a document', () => {
    const text = '<a>\r\n  <b/>\r\n\r\n  <c/>\r\n</a>\r\n';
    assert.equal(format(text), text);
    assert.equal(format('<a><b/>\r\n</a>'), '<a>\r\n  <b/>\r\n</a>\r\n');
  });

  test('takes another unit of indentation', () => {
    assert.equal(format('<a><b/></a>', { unit: '\t' }), '<a>\n\t<b/>\n</a>\n');
  });

  test('changes only the lines of a range', () => {
    const text = '<a>\n<b/>\n<c/>\n<d/>\n</a>\n';
    const at = text.indexOf('<c');
    const edits = formatEdits(parseDocument(text), { range: { start: at, end: at + 1 } });
    assert.equal(applyEdits(text, edits), '<a>\n<b/>\n  <c/>\n<d/>\n</a>\n');
  });

  test('is idempotent and never changes the meaning of a thousand documents', () => {
    const roll = dice(7);
    for (let round = 0; round < 1000; round += 1) {
      const text = randomDocument(roll);
      const formatted = format(text);
      assert.equal(format(formatted), formatted, text);
      const [before, after] = [parseDocument(text), parseDocument(formatted)];
      assert.deepEqual(after.problems, []);
      assert.ok(before.root && after.root);
      assert.deepEqual(meaning(after.root), meaning(before.root), text);
    }
  });
});
