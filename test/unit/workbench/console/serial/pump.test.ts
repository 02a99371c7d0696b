import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pump, replayed } from '../../../../../src/workbench/console/serial/pump.ts';

const TEXT = 'Grüße 日本語 🦊 \u001B[31mrot\u001B[0m\r\n';

function collector() {
  const pieces: string[] = [];
  const full: boolean[] = [];
  const pump = new Pump(
    (text) => pieces.push(text),
    (state) => full.push(state),
  );
  return { pump, pieces, full };
}

suite('The pump of a terminal', () => {
  test('puts characters together that chunks cut apart, wherever they cut', () => {
    const bytes = Buffer.from(TEXT);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const { pump, pieces } = collector();
      pump.write(bytes.subarray(0, cut));
      pump.write(bytes.subarray(cut));
      assert.equal(pieces.join(''), TEXT);
      pump.dispose();
    }
  });

  test('shows every byte that is no text, and goes on', () => {
    const { pump, pieces } = collector();
    pump.write(Buffer.from([0x41, 0xff, 0x00, 0x42, 0xe2, 0x82]));
    assert.equal(pieces.join(''), 'A\uFFFD\0B');
    pump.flush();
    assert.equal(pieces.join(''), 'A\uFFFD\0B\uFFFD');
    pump.write(Buffer.from('fresh'));
    assert.equal(pieces.at(-1), 'fresh');
    pump.dispose();
  });

  test('hands over a single key at once', () => {
    const { pump, pieces, full } = collector();
    pump.write(Buffer.from('x'));
    assert.deepEqual([pieces, full], [['x'], []]);
    pump.dispose();
  });

  test('makes a flood wait, loses nothing of it and says when it can go on', async () => {
    const { pump, pieces, full } = collector();
    const flood = Buffer.alloc(900_000, 'flood ');
    pump.write(flood);
    assert.deepEqual(full, [true]);
    assert.ok(pieces.join('').length < 300_000, 'not all in one go');
    while (full.length < 2) await sleep(5);
    assert.deepEqual(full, [true, false]);
    assert.ok(pieces.join('') === flood.toString());
    pump.dispose();
  });

  test('gives the clipboard to no guest, wherever its sequence is cut, now or when it is shown again', () => {
    const bytes = Buffer.from('a\u001B]52;c;aGVsbG8=\u0007b\u001B]52;c;?\u001B\\c\u009D52;c;aGVsbG8=\u009Cd');
    for (let cut = 0; cut <= bytes.length; cut++) {
      const { pump, pieces } = collector();
      pump.write(bytes.subarray(0, cut));
      pump.write(bytes.subarray(cut));
      assert.equal(pieces.join(''), 'abcd');
      pump.dispose();
    }
    assert.equal(replayed(bytes), 'abcd');
  });

  test('lets nothing that a guest began swallow what comes from somebody else', () => {
    const { pump, pieces } = collector();
    pump.write(Buffer.from('a\u001B]0;never ends'));
    pump.flush();
    pump.write(Buffer.from('fresh'));
    assert.equal(pieces.join(''), 'afresh');
    pump.dispose();
  });
});
