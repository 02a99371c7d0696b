import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { packet, PacketSplitter } from '../../../../../src/engines/gdb/stub/packet.ts';

suite('gdb’s remote protocol', () => {
  test('frames what is sent', () => {
    assert.equal(packet('?'), '$?#3f');
    assert.equal(packet('OK'), '$OK#9a');
  });

  function split() {
    const seen: string[] = [];
    const splitter = new PacketSplitter({
      onPacket: (data) => seen.push(`packet ${data}`),
      onByte: (byte) => seen.push(`byte ${byte}`),
      onTooLong: () => seen.push('too long'),
    });
    return { seen, splitter };
  }

  test('is taken apart however it arrives', () => {
    const { seen, splitter } = split();
    for (const character of '+$T05thread:p01.01;#07\u0003+$#00') splitter.push(character);
    assert.deepEqual(seen, ['byte +', 'packet T05thread:p01.01;', 'byte \u0003', 'byte +', 'packet ']);
  });

  test('begins a packet anew where gdb does, so that none hides in another', () => {
    const { seen, splitter } = split();
    splitter.push('$one$two$$three#00');
    assert.deepEqual(seen, ['packet three']);
  });

  test('gives up one that never ends, and takes time in proportion to it', () => {
    const { seen, splitter } = split();
    splitter.push('$');
    const started = performance.now();
    for (let count = 0; count < 300 * 1024; count++) splitter.push('x');
    assert.deepEqual(seen, ['too long']);
    splitter.push('#00$Fopen#00');
    assert.deepEqual(seen, ['too long'], 'nothing comes behind it');
    assert.ok(performance.now() - started < 2000);
  });
});
