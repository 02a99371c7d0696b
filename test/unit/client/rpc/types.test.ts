import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decode, list, nameString } from '../../../../src/client/rpc/codec.ts';
import { ProtocolError, RemoteError } from '../../../../src/client/rpc/error.ts';
import {
  charList,
  remoteError,
  type TypedParameter,
  typedParameter,
} from '../../../../src/client/rpc/types.ts';
import { XdrWriter } from '../../../../src/client/rpc/xdr.ts';

const PARAMETERS: readonly TypedParameter[] = [
  { field: 'state.state', type: 'int', value: -1 },
  { field: 'vcpu.current', type: 'uint', value: 4_294_967_295 },
  { field: 'balloon.rss', type: 'llong', value: -5n },
  { field: 'cpu.time', type: 'ullong', value: 18_446_744_073_709_551_615n },
  { field: 'load', type: 'double', value: 0.5 },
  { field: 'halted', type: 'boolean', value: true },
  { field: 'block.0.name', type: 'string', value: 'vda “1”' },
];

function encode(parameter: TypedParameter): Buffer {
  const writer = new XdrWriter();
  typedParameter.write(writer, parameter);
  return writer.finish();
}

suite('A name', () => {
  test('is no longer than any file’s path', () => {
    const named = (length: number) => {
      const writer = new XdrWriter();
      writer.string('x'.repeat(length));
      return writer.finish();
    };
    assert.equal(decode(nameString, named(4096)).length, 4096);
    assert.throws(() => decode(nameString, named(4097)), ProtocolError);
  });
});

suite('Typed parameters', () => {
  for (const [index, parameter] of PARAMETERS.entries())
    test(`${parameter.type} is number ${index + 1} of the union`, () => {
      const bytes = encode(parameter);
      assert.deepEqual(decode(typedParameter, bytes), parameter);
      const fieldBytes = 4 + Math.ceil(parameter.field.length / 4) * 4;
      assert.equal(bytes.readInt32BE(fieldBytes), index + 1);
      assert.ok(bytes.length >= typedParameter.minBytes);
    });

  test('an unknown type is refused with its name', () => {
    const bytes = encode({ field: 'abcd', type: 'int', value: 1 });
    bytes.writeInt32BE(8, 8);
    assert.throws(
      () => decode(typedParameter, bytes),
      (error) => error instanceof ProtocolError && /abcd.*unknown type 8/.test(error.message),
    );
  });

  test('many of them read one after another', () => {
    const writer = new XdrWriter();
    list(typedParameter).write(writer, PARAMETERS);
    assert.deepEqual(decode(list(typedParameter), writer.finish()), PARAMETERS);
  });
});

suite('A list of chars', () => {
  test('is a text whose every byte takes an int, and its NUL', () => {
    const writer = new XdrWriter();
    charList(9).write(writer, 'aé');
    const wire = writer.finish();
    assert.equal(wire.toString('hex'), '00000004 00000061 000000c3 000000a9 00000000'.replaceAll(' ', ''));
    assert.equal(decode(charList(9), wire), 'aé');
    assert.throws(() => decode(charList(3), wire), ProtocolError);
  });
});

suite("libvirt's error record", () => {
  const fields = {
    code: 42,
    domain: 10,
    message: "Domain not found: no domain with matching name 'x'",
    level: 2,
    dom: undefined,
    str1: 'Domain not found: %s',
    str2: "no domain with matching name 'x'",
    str3: undefined,
    int1: -1,
    int2: -1,
    net: undefined,
  };

  test('keeps code, domain, level and message', () => {
    const writer = new XdrWriter();
    remoteError.write(writer, fields);
    const error = new RemoteError('DOMAIN_LOOKUP_BY_NAME', decode(remoteError, writer.finish()));
    assert.equal(error.message, fields.message);
    assert.deepEqual(
      [error.code, error.domain, error.level, error.procedure],
      [42, 10, 2, 'DOMAIN_LOOKUP_BY_NAME'],
    );
  });

  test('without a message, the code is the message', () => {
    assert.equal(new RemoteError('X', { ...fields, message: undefined }).message, 'libvirt error 42');
  });
});
