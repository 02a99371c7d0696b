import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { packet, PacketSplitter } from '../../../../../src/engines/gdb/stub/packet.ts';

suite('gdb’s remote protocol', () => {
  test('frames what is sent', () => {
    assert.equal(packet('?'), '$?#3f');
    assert.equal(packet('OK'), '$OK#9a');
  });

  test('is taken apart however it arrives', () => {
    const seen: string[] = [];
    const splitter = new PacketSplitter(
      (data) => seen.push(`packet ${data}`),
      (byte) => seen.push(`byte ${byte}`),
    );
    for (const character of '+$T05thread:p01.01;#07\u0003+$#00') splitter.push(character);
    assert.deepEqual(seen, ['byte +', 'packet T05thread:p01.01;', 'byte \u0003', 'byte +', 'packet ']);
  });
});
