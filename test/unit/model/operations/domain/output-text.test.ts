import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decodeOutput } from '../../../../../src/model/operations/domain/output-text.ts';

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
