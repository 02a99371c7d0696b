import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { inQuotes, line, LineError, oneLine, oneWord } from '../../../../src/model/text/line.ts';

suite('A line of a file', () => {
  test('consists of its text and the values in it', () => {
    assert.equal(line`Host ${'web.kvm'} ${22}`, 'Host web.kvm 22\n');
  });

  for (const end of ['\n', '\r', '\0', '\u001b', '\u0085', '\u009b', '\u2028', '\u2029', '\v'])
    test(`takes no value with ${JSON.stringify(end)}, which could begin another`, () => {
      const value = `10.0.0.5${end}    ProxyCommand sh`;
      for (const write of [oneLine, oneWord, inQuotes, (text: string) => line`HostName ${text}`])
        assert.throws(() => write(value), LineError);
      assert.throws(
        () => oneLine(value),
        ({ message }: Error) => !message.includes(end),
      );
    });

  test('takes no second word where one is wanted, and no quote within quotes', () => {
    for (const text of ['', 'a b', 'a\tb', '"a', "a'"]) assert.throws(() => oneWord(text), LineError);
    assert.throws(() => inQuotes('a" b'), LineError);
    assert.equal(inQuotes('/home/a b'), '"/home/a b"');
  });
});
