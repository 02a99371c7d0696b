import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  type Codec,
  decode,
  double,
  flag,
  hyper,
  int,
  list,
  nothing,
  optional,
  string,
  struct,
  uhyper,
  uint,
  uuid,
} from '../../../../src/client/rpc/codec.ts';
import { ProtocolError } from '../../../../src/client/rpc/error.ts';
import { XdrReader, XdrWriter } from '../../../../src/client/rpc/xdr.ts';

function encode<T>(codec: Codec<T>, value: T): Buffer {
  const writer = new XdrWriter();
  codec.write(writer, value);
  return writer.finish();
}

function assertRoundTrip<T>(codec: Codec<T>, value: T): void {
  const bytes = encode(codec, value);
  assert.deepEqual(decode(codec, bytes), value);
  assert.ok(bytes.length >= codec.minBytes, 'no value may be shorter than minBytes');
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(' ', ''), 'hex');
}

const SOME_UUID = '6695eb01-f6a4-8304-79aa-97f2502e193f';

suite('Codecs', () => {
  test('every value comes back as it was written', () => {
    assertRoundTrip(int, -5);
    assertRoundTrip(uint, 4_294_967_295);
    assertRoundTrip(hyper, -9_223_372_036_854_775_808n);
    assertRoundTrip(uhyper, 18_446_744_073_709_551_615n);
    assertRoundTrip(double, -0.25);
    assertRoundTrip(flag, true);
    assertRoundTrip(flag, false);
    assertRoundTrip(string, 'naïve “ﷺ” 🦊\n\0');
    assertRoundTrip(uuid, SOME_UUID);
    assertRoundTrip(nothing, undefined);
    assertRoundTrip(optional(string), undefined);
    assertRoundTrip(optional(string), '');
    assertRoundTrip(list(hyper), [1n, 2n, 3n]);
    assertRoundTrip(list(string), []);
    assertRoundTrip(struct({ a: int, b: optional(struct({ c: list(uint) })) }), { a: 1, b: { c: [2, 3] } });
  });

  test('a struct writes its fields in the order in which they are listed', () => {
    assert.deepEqual(encode(struct({ z: uint, a: uint }), { a: 1, z: 2 }), bytes('00000002 00000001'));
  });

  test('a flag is true for anything but 0', () => {
    assert.equal(decode(flag, bytes('ffffffff')), true);
    assert.equal(decode(flag, bytes('00000000')), false);
  });

  test('an optional value has a presence word', () => {
    assert.deepEqual(encode(optional(uint), 7), bytes('00000001 00000007'));
    assert.deepEqual(encode(optional(uint), undefined), bytes('00000000'));
    assert.throws(() => decode(optional(uint), bytes('00000002 00000007')), ProtocolError);
  });

  test('a UUID is sixteen bytes and lower case text', () => {
    const wire = bytes('6695eb01f6a4830479aa97f2502e193f');
    assert.deepEqual(encode(uuid, SOME_UUID.toUpperCase()), wire);
    assert.equal(decode(uuid, wire), SOME_UUID);
  });

  test('what is no UUID is not sent', () => {
    for (const wrong of ['', 'web', SOME_UUID.slice(1), `${SOME_UUID}00`, SOME_UUID.replace('6', 'g')])
      assert.throws(() => encode(uuid, wrong), RangeError);
  });
});

suite('A decoder that trusts nothing', () => {
  test('refuses every message that is cut short', () => {
    const codec = struct({ name: string, uuid, ids: list(int), note: optional(string), size: uhyper });
    const whole = encode(codec, { name: 'web', uuid: SOME_UUID, ids: [1, 2], note: 'x', size: 9n });
    for (let length = 0; length < whole.length; length++)
      assert.throws(() => decode(codec, whole.subarray(0, length)), ProtocolError, `${length} bytes`);
    assert.equal(decode(codec, whole).name, 'web');
  });

  test('refuses bytes that are left over', () => {
    assert.throws(() => decode(uint, bytes('00000001 00')), /extra data \(bytes: 1\)/);
    assert.throws(() => decode(nothing, bytes('00000000')), ProtocolError);
  });

  test('refuses a list longer than its message before it reads an item', () => {
    let itemsRead = 0;
    const counting: Codec<number> = {
      ...uint,
      read: (reader) => {
        itemsRead++;
        return reader.uint();
      },
    };
    assert.throws(() => decode(list(counting), bytes('00000003 00000001 00000002')), /points past the end/);
    assert.throws(() => decode(list(counting), bytes('00003fff 00000001')), ProtocolError);
    assert.equal(itemsRead, 0);
  });

  test('counts the least size of nested items, so that a lying length costs nothing', () => {
    const domain = struct({ name: string, uuid, id: int });
    assert.equal(domain.minBytes, 24);
    const reader = new XdrReader(Buffer.concat([bytes('00000002'), Buffer.alloc(47)]));
    assert.throws(() => list(domain).read(reader), /points past the end/);
  });

  test('refuses a list above its own limit both ways', () => {
    const pair = list(uint, 2);
    assertRoundTrip(pair, [1, 2]);
    assert.throws(() => encode(pair, [1, 2, 3]), RangeError);
    assert.throws(() => decode(pair, bytes('00000003 00000001 00000002 00000003')), /limit of 2/);
  });

  test("holds lists and strings to libvirt's limits", () => {
    assert.throws(() => decode(list(nothing), bytes('00004001')), /exceeds its limit of 16384/);
    assert.equal(decode(list(nothing), bytes('00004000')).length, 16384);
    const tooLong = Buffer.alloc(4 + 4 * 1024 * 1024 + 4);
    tooLong.writeUInt32BE(4 * 1024 * 1024 + 1);
    assert.throws(() => decode(string, tooLong), /exceeds its limit of 4194304/);
  });
});
