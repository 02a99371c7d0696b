import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Analysis } from '../../../../src/language/schema/analysis.ts';
import { complete } from '../../../../src/language/schema/complete.ts';
import { fixesFor } from '../../../../src/language/schema/fix.ts';
import { diagnose } from '../../../../src/language/schema/validate.ts';
import { parseDocument } from '../../../../src/language/xml/parse.ts';
import { schemaOf } from './grammars.ts';

const source = (protocols: string, inner: string) => `<element name="source">
  <attribute name="protocol"><choice>${protocols.replaceAll(/\w+/g, '<value>$&</value>')}</choice></attribute>
  <attribute name="name"/>${inner}</element>`;
const host = '<element name="host"><attribute name="name"/></element>';

/** A disk over the network as schemas describe one: an element for each group of protocols. */
const schema = schemaOf(`<element name="disk"><choice>
  ${source('nbd', `<optional>${host}</optional>`)}
  ${source('rbd', `<zeroOrMore>${host}</zeroOrMore>`)}
  ${source('http https', host)}
  ${source('gluster', `<oneOrMore>${host}</oneOrMore>`)}
</choice><optional><element name="port"><attribute name="model"><choice>
  <value>ich6</value><value>ich7</value><value>ich9</value><value>usb</value><value>dmg</value>
</choice></attribute></element></optional></element>`);

const disk = (protocol: string, hosts = 1) =>
  `<disk><source protocol='${protocol}' name='a'>${"<host name='h'/>".repeat(hosts)}</source></disk>`;

function look(text: string) {
  const analysis = new Analysis(parseDocument(text), schema);
  const found = diagnose(analysis);
  const [first] = found;
  assert.ok(first?.attribute);
  assert.equal(found.length, 1);
  const { attribute, expected, message } = first;
  return {
    message,
    expected: [...expected].toSorted(),
    offered: complete(analysis, attribute.valueStart)
      .items.map((item) => (item.kind === 'value' ? item.value : ''))
      .toSorted(),
    fixes: fixesFor(analysis, first),
  };
}

suite('A value that is spread over alternatives', () => {
  const all = ['gluster', 'http', 'https', 'nbd', 'rbd'];

  for (const wrong of ['file', 'ceph', ''])
    test(`all that could stand there are listed and completed for “${wrong}”, and none is preferred`, () => {
      const { expected, offered, fixes, message } = look(disk(wrong));
      assert.deepEqual(expected, all);
      assert.deepEqual(offered, all);
      assert.deepEqual(fixes.map(({ title }) => title.replace(/.*“(.*)”/, '$1')).toSorted(), all);
      assert.ok(!fixes.some(({ preferred }) => preferred));
      for (const value of all) assert.ok(message.includes(`“${value}”`));
    });

  test('those that go with the rest come first', () => {
    const { offered, fixes } = look(disk('ceph', 3));
    assert.deepEqual(offered, ['gluster', 'rbd']);
    const first = fixes.slice(0, 2).map(({ title }) => title.replace(/.*“(.*)”/, '$1'));
    assert.deepEqual(first.toSorted(), ['gluster', 'rbd']);
  });

  test('a letter too few is put right', () => {
    const { message, fixes } = look(disk('gluser'));
    assert.match(message, /did you mean “gluster”/);
    assert.deepEqual(
      fixes.filter(({ preferred }) => preferred).map(({ title }) => title),
      ['Replace with “gluster”'],
    );
  });

  test('of several that are as near, none is guessed, and of short ones neither', () => {
    const port = (model: string) => disk('nbd').replace('</disk>', `<port model='${model}'/></disk>`);
    for (const wrong of ['ich8', 'ich', 'img'])
      assert.ok(!look(port(wrong)).fixes.some(({ preferred }) => preferred), wrong);
  });
});
