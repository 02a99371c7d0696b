import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Analysis } from '../../../../src/language/schema/analysis.ts';
import { fixesFor } from '../../../../src/language/schema/fix.ts';
import { diagnose } from '../../../../src/language/schema/validate.ts';
import { applyEdits } from '../../../../src/language/xml/edit.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { schemaOf } from './grammars.ts';

const QEMU = 'http://libvirt.org/schemas/domain/qemu/1.0';
const LXC = 'http://libvirt.org/schemas/domain/lxc/1.0';
const BHYVE = 'http://libvirt.org/schemas/domain/bhyve/1.0';

const commandLine = (namespace: string) => `<optional><element name="commandline" ns="${namespace}">
  <zeroOrMore><element name="arg" ns="${namespace}"><attribute name="value"/></element></zeroOrMore>
</element></optional>`;

const schema = schemaOf(`<choice>
  <element name="domain"><attribute name="type"><value>qemu</value></attribute>${commandLine(QEMU)}</element>
  <element name="domain"><attribute name="type"><value>bhyve</value></attribute>${commandLine(BHYVE)}</element>
  <element name="domain"><attribute name="type"><value>lxc</value></attribute>
    <optional><element name="namespace" ns="${LXC}"><empty/></element></optional></element>
</choice>`);

const domain = (declared: string, inner: string) =>
  `<domain type='qemu'${declared}>\n  ${inner}\n</domain>\n`;
const inner = (prefix: string) =>
  `<${prefix}commandline>\n    <${prefix}arg value='-s'/>\n    <${prefix}arg value='-S'/>\n  </${prefix}commandline>`;
const declared = (uri: string, prefix = 'qemu') => ` xmlns:${prefix}='${uri}'`;
const RIGHT = domain(declared(QEMU), inner('qemu:'));

interface Mistake {
  readonly text: string;
  readonly told: string;
  readonly code: string;
  readonly fixed: string;
}

const MISTAKES: Readonly<Record<string, Mistake>> = {
  'a prefix that is not declared, and used three times': {
    text: domain('', inner('qemu:')),
    told: 'qemu',
    code: 'unbound-prefix',
    fixed: RIGHT,
  },
  'another prefix that is not declared, where the kind of domain tells': {
    text: domain('', inner('q:')),
    told: 'q',
    code: 'unbound-prefix',
    fixed: domain(declared(QEMU, 'q'), inner('q:')),
  },
  'a URI with another scheme': {
    text: domain(declared(QEMU.replace('http', 'https')), inner('qemu:')),
    told: QEMU.replace('http', 'https'),
    code: 'unknown-namespace',
    fixed: RIGHT,
  },
  'a URI without its version': {
    text: domain(declared(QEMU.replace('/1.0', '')), inner('qemu:')),
    told: QEMU.replace('/1.0', ''),
    code: 'unknown-namespace',
    fixed: RIGHT,
  },
  'another URI altogether': {
    text: domain(declared('urn:mine'), inner('qemu:')),
    told: 'urn:mine',
    code: 'unknown-namespace',
    fixed: RIGHT,
  },
  'the URI of another driver': {
    text: domain(declared(LXC), inner('qemu:')),
    told: LXC,
    code: 'unknown-namespace',
    fixed: RIGHT,
  },
  'no prefix at all': {
    text: domain('', inner('')),
    told: 'commandline',
    code: 'unexpected-element',
    fixed: RIGHT,
  },
  'a misspelt name in a namespace': {
    text: RIGHT.replaceAll('commandline', 'comandline'),
    told: 'qemu:comandline',
    code: 'unexpected-element',
    fixed: RIGHT,
  },
};

suite('Namespaces', () => {
  for (const [name, { text, told, code, fixed }] of Object.entries(MISTAKES))
    test(`${name} is one mistake, put right with the schema’s own URI`, () => {
      const analysis = new Analysis(parseDocument(text), schema);
      const [first, ...others] = diagnose(analysis);
      assert.ok(first);
      assert.deepEqual(others, []);
      assert.deepEqual([first.code, text.slice(first.start, first.end)], [code, told]);
      const preferred = fixesFor(analysis, first).filter((fix) => fix.preferred);
      assert.equal(preferred.length, 1);
      assert.equal(applyEdits(text, preferred[0]?.edits ?? []), fixed);
    });

  test('the form does not matter: another prefix, or a default namespace further in', () => {
    const other = domain(declared(QEMU, 'q'), inner('q:'));
    const further = domain('', inner('').replace('<commandline', `<commandline xmlns='${QEMU}'`));
    for (const text of [RIGHT, other, further])
      assert.deepEqual(diagnose(new Analysis(parseDocument(text), schema)), []);
  });
});
