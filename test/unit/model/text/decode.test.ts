import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decodeXml } from '../../../../src/model/text/decode.ts';

const TEXT = '<a name="ü"/>';

suite('The bytes of an XML file', () => {
  test('are read by their mark, their first character or their declaration', () => {
    const utf16 = Buffer.from(TEXT, 'utf16le');
    const marked = Buffer.from(`\u{FEFF}${TEXT}`, 'utf16le');
    for (const bytes of [
      Buffer.from(TEXT),
      Buffer.from(`\u{FEFF}${TEXT}`),
      utf16,
      marked,
      Buffer.from(utf16).swap16(),
      Buffer.from(marked).swap16(),
    ])
      assert.equal(decodeXml(bytes), TEXT);
    const latin = `<?xml version="1.0" encoding='ISO-8859-1'?>${TEXT}`;
    assert.equal(decodeXml(Buffer.from(latin, 'latin1')), latin);
  });

  test('with a declaration that is not true are UTF-8', () => {
    for (const encoding of ['utf-16', 'klingon', 'UTF-8']) {
      const text = `<?xml version="1.0" encoding="${encoding}"?>${TEXT}`;
      assert.equal(decodeXml(Buffer.from(text)), text);
    }
  });
});
