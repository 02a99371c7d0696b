import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { objectionTo } from '../../../../../src/workbench/editor/documents/identity.ts';

const NAME = { kind: 'domain', key: '11111111-2222-3333-4444-555555555555' } as const;
const XML = `<domain type='kvm'>
  <name>web</name>
  <uuid>11111111-2222-3333-4444-555555555555</uuid>
</domain>
`;

function objection(text: string): string | undefined {
  return objectionTo(text, NAME, XML)?.sentence;
}

suite('Whether a text is still about the object that was opened', () => {
  test('it is when something else was changed, and when the UUID is written in another way', () => {
    assert.equal(objection(XML), undefined);
    assert.equal(objection(XML.replace('<name>', '<title>the web</title><name>')), undefined);
    assert.equal(objection(XML.replace('11111111-2222-3333-4444-', '11111111222233334444')), undefined);
  });

  test('it is not with another name, another UUID or without one', () => {
    assert.match(objection(XML.replace('web', 'mail')) ?? '', /name is mail, but this is web\. .*rename/u);
    assert.match(objection(XML.replace('1111', '2222')) ?? '', /^The UUID is 2222/u);
    assert.match(objection(XML.replace(/<uuid>.*<\/uuid>/u, '')) ?? '', /^<uuid>.*is missing/u);
  });

  test('it is not with another root element', () => {
    const text = XML.replaceAll('domain', 'network');
    assert.equal(objection(text), 'The root element must be <domain>, not <network>.');
  });

  test('what is not XML is named by its line', () => {
    const found = objectionTo(XML.replace('</name>', ''), NAME, XML);
    assert.match(found?.sentence ?? '', /^Line [234]: /u);
  });
});
