import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Analysis } from '../../../../src/language/schema/analysis.ts';
import { fixesFor } from '../../../../src/language/schema/fix.ts';
import { diagnose } from '../../../../src/language/schema/validate.ts';
import { applyEdits } from '../../../../src/language/xml/edit.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { schemaOf } from './grammars.ts';

/** A made-up guest with a place for everything. */
const schema = schemaOf(`<element name="guest"><interleave>
  <element name="name"><text/></element>
  <optional><element name="note"><zeroOrMore><element><anyName/><zeroOrMore><attribute><anyName/></attribute></zeroOrMore></element></zeroOrMore></element></optional>
  <optional><element name="threads"><data type="unsignedInt"/></element></optional>
  <optional><element name="os"><interleave>
    <element name="type"><text/></element>
    <zeroOrMore><element name="boot"><attribute name="dev"/></element></zeroOrMore>
  </interleave></element></optional>
  <optional><element name="clock"><attribute name="offset"><choice><value>localtime</value><value>utc</value></choice></attribute>
    <zeroOrMore><element name="timer"><attribute name="name"/></element></zeroOrMore></element></optional>
  <optional><element name="features"><interleave>
    <optional><element name="acpi"><empty/></element></optional>
    <optional><element name="kvm"><optional><element name="hidden"><attribute name="state"/></element></optional></element></optional>
  </interleave></element></optional>
  <optional><element name="devices"><zeroOrMore><choice>
    <element name="card"><interleave>
      <optional><element name="mac"><attribute name="address"/></element></optional>
      <optional><element name="source"><attribute name="network"/></element></optional>
      <optional><element name="driver"><empty/></element></optional>
    </interleave></element>
    <element name="disk"><interleave><optional><element name="boot"><attribute name="order"/></element></optional>
      <optional><element name="driver"><empty/></element></optional></interleave></element>
  </choice></zeroOrMore></element></optional>
</interleave></element>`);

const guest = (...lines: readonly string[]) =>
  ['<guest>', '  <name>g</name>', ...lines.map((line) => `  ${line}`), '</guest>', ''].join('\n');
const os = (...lines: readonly string[]) => [
  '<os>',
  '  <type>hvm</type>',
  ...lines.map((line) => `  ${line}`),
  '</os>',
];

interface Stray {
  readonly name: string;
  readonly text: string;
  readonly message: string;
  readonly title: string;
  readonly fixed: string;
}

const STRAYS: readonly Stray[] = [
  {
    name: 'into an element beside it',
    text: guest(...os(), "<boot dev='hd'/>"),
    message: '<boot> belongs in <os>, not in <guest>.',
    title: 'Move <boot> into <os>',
    fixed: guest(...os("<boot dev='hd'/>")),
  },
  {
    name: 'out of the element that it is in',
    text: guest('<devices>', '  <threads>2</threads>', '</devices>'),
    message: '<threads> belongs in <guest>, not in <devices>.',
    title: 'Move <threads> into <guest>',
    fixed: guest('<devices>', '</devices>', '<threads>2</threads>'),
  },
  {
    name: 'out of a sibling that it belongs beside',
    text: guest(
      '<devices>',
      '  <card>',
      "    <source network='a'>",
      "      <mac address='b'/>",
      '    </source>',
      '  </card>',
      '</devices>',
    ),
    message: '<mac> belongs in <card>, not in <source>.',
    title: 'Move <mac> into <card>',
    fixed: guest(
      '<devices>',
      '  <card>',
      "    <source network='a'>",
      '    </source>',
      "    <mac address='b'/>",
      '  </card>',
      '</devices>',
    ),
  },
  {
    name: 'into one that is made for it, with what libvirt takes without it',
    text: guest("<timer name='hpet'/>"),
    message: '<timer> belongs in <clock>, not in <guest>.',
    title: 'Move <timer> into a new <clock>',
    fixed: guest("<clock offset='utc'>", "  <timer name='hpet'/>", '</clock>'),
  },
  {
    name: 'into one that is made further in',
    text: guest('<features>', '  <acpi/>', "  <hidden state='on'/>", '</features>'),
    message: '<hidden> belongs in <kvm>, not in <features>.',
    title: 'Move <hidden> into a new <kvm>',
    fixed: guest('<features>', '  <acpi/>', '  <kvm>', "    <hidden state='on'/>", '  </kvm>', '</features>'),
  },
  {
    name: 'into two that are made',
    text: guest("<hidden state='on'/>"),
    message: '<hidden> belongs in <kvm>, not in <guest>.',
    title: 'Move <hidden> into a new <kvm>',
    fixed: guest('<features>', '  <kvm>', "    <hidden state='on'/>", '  </kvm>', '</features>'),
  },
];

function look(text: string) {
  const analysis = new Analysis(parseDocument(text), schema);
  return { analysis, found: diagnose(analysis) };
}

suite('An element in the wrong parent', () => {
  for (const { name, text, message, title, fixed } of STRAYS)
    test(`moves ${name}`, () => {
      const { analysis, found } = look(text);
      assert.deepEqual(
        found.map((each) => each.message),
        [message],
      );
      const [fix] = found[0] === undefined ? [] : fixesFor(analysis, found[0]);
      assert.deepEqual([fix?.title, fix?.preferred], [title, true]);
      assert.equal(applyEdits(text, fix?.edits ?? []), fixed);
    });

  test('stays where it is when it could be in several places as near, or in none', () => {
    const several = guest('<devices>', '  <card/>', '  <disk/>', '  <driver/>', '</devices>');
    const none = guest('<boot/>');
    for (const text of [several, none]) {
      const { found } = look(text);
      assert.deepEqual(
        found.map(({ code }) => code),
        ['unexpected-element'],
        text,
      );
    }
  });

  test('is not sent to what may hold anything', () => {
    const { found } = look(guest('<note><x/></note>', '<strange/>'));
    assert.deepEqual(
      found.map(({ message }) => message),
      ['<guest> may not contain <strange>.'],
    );
  });
});
