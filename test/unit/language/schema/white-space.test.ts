import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Analysis } from '../../../../src/language/schema/analysis.ts';
import { fixesFor } from '../../../../src/language/schema/fix.ts';
import { diagnose } from '../../../../src/language/schema/validate.ts';
import { applyEdits } from '../../../../src/language/xml/edit.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { body, schemaOf } from './grammars.ts';

const schema = schemaOf(`<element name="guest">
  <attribute name="type"><choice><value>kvm</value></choice></attribute>
  <interleave>
    <element name="name"><text/></element>
    <optional><element name="title"><text/></element></optional>
    <optional><element name="memory"><optional><attribute name="unit"><data type="token"/></attribute></optional><data type="unsignedInt"/></element></optional>
    <optional><element name="crash"><choice><value>restart</value><value>stop</value></choice></element></optional>
    <optional><element name="kernel"><data type="string"><param name="pattern">/[a-z /]+</param></data></element></optional>
    <optional><element name="serial"><data type="string"><param name="pattern">[A-Z ]+</param></data></element></optional>
    <optional><element name="mac"><attribute name="address"><data type="string"><param name="pattern">[0-9:]+</param></data></attribute></element></optional>
    <optional><element name="source"><optional><attribute name="network"/></optional></element></optional>
  </interleave>
</element>`);

const SPACES: Readonly<
  Record<string, { readonly text: string; readonly told: string; readonly fixed: string }>
> = {
  'of a list of values': {
    text: body('<crash> restart\n</crash>'),
    told: 'warning:  restart\n',
    fixed: body('<crash>restart</crash>'),
  },
  'of a number': {
    text: body('<memory>\n64\n</memory>'),
    told: 'warning: \n64\n',
    fixed: body('<memory>64</memory>'),
  },
  'of a unit': {
    text: body("<memory unit='MiB '>64</memory>"),
    told: 'warning: MiB ',
    fixed: body("<memory unit='MiB'>64</memory>"),
  },
  'of an attribute’s list of values': {
    text: body('').replace("'kvm'", "' kvm'"),
    told: 'warning:  kvm',
    fixed: body(''),
  },
  'of a name': {
    text: body('').replace('>g<', '> g <'),
    told: 'warning:  g ',
    fixed: body(''),
  },
  'of what a name in an attribute refers to': {
    text: body("<source network='default '/>"),
    told: 'warning: default ',
    fixed: body("<source network='default'/>"),
  },
  'of a path, where the type takes it': {
    text: body('<kernel>/boot/vmlinuz </kernel>'),
    told: 'warning: /boot/vmlinuz ',
    fixed: body('<kernel>/boot/vmlinuz</kernel>'),
  },
  'of a path, where the type refuses it': {
    text: body('<kernel>\n/boot/vmlinuz\n</kernel>'),
    told: 'error: \n/boot/vmlinuz\n',
    fixed: body('<kernel>/boot/vmlinuz</kernel>'),
  },
  'of an address that the type refuses': {
    text: body("<mac address=' 52:54'/>"),
    told: 'error:  52:54',
    fixed: body("<mac address='52:54'/>"),
  },
};

suite('White space around a value', () => {
  for (const [name, { text, told, fixed }] of Object.entries(SPACES))
    test(`${name} is said as that, and taken off`, () => {
      const analysis = new Analysis(parseDocument(text), schema);
      const [first, ...others] = diagnose(analysis);
      assert.ok(first);
      assert.deepEqual(others, []);
      assert.equal(`${first.severity}: ${text.slice(first.start, first.end)}`, told);
      assert.match(first.message, /has white space around it/);
      const [fix] = fixesFor(analysis, first);
      assert.equal(fix?.preferred, true);
      assert.equal(applyEdits(text, fix.edits), fixed);
    });

  test('a wrong value is shown with it', () => {
    const [first] = diagnose(new Analysis(parseDocument(body('<crash> rstart </crash>')), schema));
    assert.equal(first?.message, '“ rstart ” is not a valid value for <crash>: did you mean “restart”?');
  });

  test('is no matter where it may be meant', () => {
    for (const inner of ['<title> a title </title>', '<serial> ABC </serial>', '<kernel>/a b</kernel>'])
      assert.deepEqual(diagnose(new Analysis(parseDocument(body(inner)), schema)), []);
  });
});
