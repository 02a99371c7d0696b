import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ProtocolError } from '../../../../src/client/rpc/error.ts';
import { XdrReader, XdrWriter } from '../../../../src/client/rpc/xdr.ts';

/** Hex of what was written into a buffer that has to grow for every item. */
function written(write: (writer: XdrWriter) => void): string {
  const writer = new XdrWriter(1);
  write(writer);
  return writer.finish().toString('hex');
}

function reader(hex: string): XdrReader {
  return new XdrReader(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

interface NumberCase {
  readonly name: string;
  readonly hex: string;
  readonly write: (writer: XdrWriter) => void;
  readonly read: (reader: XdrReader) => unknown;
  readonly value: unknown;
}

function numberCase(
  kind: 'int' | 'uint' | 'hyper' | 'uhyper' | 'double' | 'bool',
  value: unknown,
  hex: string,
): NumberCase {
  return {
    name: `${kind} ${String(value)}`,
    hex,
    value,
    write: (writer) => (writer[kind] as (value: unknown) => void).call(writer, value),
    read: (from) => from[kind](),
  };
}

const NUMBERS: readonly NumberCase[] = [
  numberCase('int', 0, '00000000'),
  numberCase('int', -2, 'fffffffe'),
  numberCase('int', 0x7fffffff, '7fffffff'),
  numberCase('uint', 0xdeadbeef, 'deadbeef'),
  numberCase('hyper', -1n, 'ffffffffffffffff'),
  numberCase('hyper', 0x0102030405060708n, '0102030405060708'),
  numberCase('uhyper', 0xffffffffffffffffn, 'ffffffffffffffff'),
  numberCase('double', 1.5, '3ff8000000000000'),
  numberCase('bool', true, '00000001'),
  numberCase('bool', false, '00000000'),
];

suite('XDR numbers', () => {
  for (const { name, hex, write, read, value } of NUMBERS)
    test(`${name} is ${hex} on the wire and comes back the same`, () => {
      assert.equal(written(write), hex);
      const from = reader(hex);
      assert.equal(read(from), value);
      assert.equal(from.remaining, 0);
    });

  test('a boolean that is neither 0 nor 1 is refused', () => {
    assert.throws(() => reader('00000002').bool(), ProtocolError);
  });

  test('a number that the message ends in is refused', () => {
    for (const kind of ['int', 'uint', 'bool'] as const)
      assert.throws(() => reader('000000')[kind](), ProtocolError);
    for (const kind of ['hyper', 'uhyper', 'double'] as const)
      assert.throws(() => reader('00000000000000')[kind](), ProtocolError);
  });

  test('numbers after a string that just fills the buffer are kept', () => {
    const writer = new XdrWriter(8);
    writer.string('x'.repeat(1000));
    writer.uint(7);
    writer.hyper(8n);
    const back = new XdrReader(writer.finish());
    assert.equal(back.string(1000), 'x'.repeat(1000));
    assert.equal(back.uint(), 7);
    assert.equal(back.hyper(), 8n);
  });
});

suite('XDR strings and opaques', () => {
  const padded: readonly (readonly [string, string])[] = [
    ['', '00000000'],
    ['a', '00000001 61000000'],
    ['abc', '00000003 61626300'],
    ['abcd', '00000004 61626364'],
    ['é', '00000002 c3a90000'],
  ];
  for (const [text, hex] of padded)
    test(`${JSON.stringify(text)} is padded to four bytes with zeros`, () => {
      assert.equal(
        written((writer) => writer.string(text)),
        hex.replaceAll(' ', ''),
      );
      assert.equal(
        written((writer) => writer.opaque(Buffer.from(text))),
        hex.replaceAll(' ', ''),
      );
      const from = reader(hex);
      assert.equal(from.string(100), text);
      assert.equal(from.remaining, 0);
      assert.equal(reader(hex).opaque(100).toString(), text);
    });

  test('padding is written over whatever the memory held', () => {
    const writer = new XdrWriter(16);
    Buffer.from(writer.finish().buffer).fill(
      0xff,
      writer.finish().byteOffset,
      writer.finish().byteOffset + 16,
    );
    writer.string('a');
    writer.fixedOpaque(Buffer.from('b'));
    assert.equal(writer.finish().toString('hex'), '000000016100000062000000');
  });

  test('a fixed opaque has no length word', () => {
    const bytes = Buffer.from('0102030405', 'hex');
    assert.equal(
      written((writer) => writer.fixedOpaque(bytes)),
      '0102030405000000',
    );
    const from = reader('0102030405000000 00000009');
    assert.deepEqual(from.fixedOpaque(5), bytes);
    assert.equal(from.uint(), 9);
  });

  test('a length above the limit is refused', () => {
    assert.equal(reader('00000004 61626364').string(4), 'abcd');
    assert.throws(() => reader('00000004 61626364').string(3), /length of 4 exceeds its limit of 3/);
    assert.throws(() => reader('00000004 61626364').opaque(3), ProtocolError);
  });

  test('a length that points past the message is refused, however large the limit', () => {
    assert.throws(() => reader('00000005 61626364').string(0xffffffff), /points past the end/);
    assert.throws(() => reader('ffffffff 61626364').opaque(0xffffffff), ProtocolError);
  });

  test('missing padding is refused', () => {
    assert.throws(() => reader('00000003 616263').string(100), ProtocolError);
    assert.throws(() => reader('0102030405').fixedOpaque(5), ProtocolError);
  });
});

suite('An XDR writer', () => {
  test('patches a length that was not known before', () => {
    const writer = new XdrWriter(4);
    writer.uint(0);
    writer.string('abcd');
    writer.patchUint(0, writer.length);
    assert.equal(writer.finish().toString('hex'), '0000000c0000000461626364');
  });
});
