import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decodeOutput, decodeXml } from '../../../../src/model/text/decode.ts';

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

suite('What a program of another machine printed', () => {
  test('is UTF-8, or UTF-16 with its mark', () => {
    for (const text of ['', 'plain\n', 'grün 🦊 \u{FEFF}x', '€'])
      assert.equal(decodeOutput(Buffer.from(text)), text);
    assert.equal(decodeOutput(Buffer.from('\u{FEFF}grün', 'utf16le')), 'grün');
  });

  test('keeps each byte that is no letter, and the letters beside it', () => {
    assert.equal(decodeOutput(Buffer.from('Gr\u00fc\u00dfe', 'latin1')), String.raw`Gr\xFC\xDFe`);
    const mixed = Buffer.concat([Buffer.from('ü '), Buffer.from([0x81, 0x20, 0xc3]), Buffer.from(' 🦊')]);
    assert.equal(decodeOutput(mixed), String.raw`ü \x81 \xC3 🦊`);
    // Not the shortest form of a slash, and half of a pair.
    assert.equal(decodeOutput(Buffer.from([0xc0, 0xaf, 0xed, 0xa0, 0x80])), String.raw`\xC0\xAF\xED\xA0\x80`);
  });
});
