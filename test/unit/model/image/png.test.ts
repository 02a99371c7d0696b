import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { readPng, writePng } from '../../../../src/model/image/png.ts';
import { blankRaster } from '../../../../src/model/image/raster.ts';

function pattern(width: number, height: number) {
  const raster = blankRaster(width, height);
  for (let at = 0; at < raster.rgb.length; at++) raster.rgb[at] = (at * 7 + (at >> 5)) % 256;
  return raster;
}

/** A PNG whose lines are filtered as told. */
function filtered(filter: number, line: readonly number[]): Buffer {
  const png = writePng(blankRaster(line.length / 3, 2));
  const data = deflateSync(Buffer.from([filter, ...line, filter, ...line]));
  const at = png.indexOf('IDAT') - 4;
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write('IDAT', 4);
  return Buffer.concat([png.subarray(0, at), head, data, Buffer.alloc(4), png.subarray(-12)]);
}

suite('A PNG', () => {
  test('comes back as it went', () => {
    const raster = pattern(37, 23);
    assert.deepEqual(readPng(writePng(raster)), raster);
  });

  test('is read with each way in which PNG predicts lines', () => {
    const line = [1, 2, 3, 4, 5, 6];
    const lines = [0, 1, 2, 3, 4].map((filter) => [...readPng(filtered(filter, line)).rgb]);
    assert.deepEqual(lines, [
      [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6],
      [1, 2, 3, 5, 7, 9, 1, 2, 3, 5, 7, 9],
      [1, 2, 3, 4, 5, 6, 2, 4, 6, 8, 10, 12],
      [1, 2, 3, 4, 6, 7, 1, 3, 4, 6, 9, 11],
      [1, 2, 3, 5, 7, 9, 2, 4, 6, 9, 12, 15],
    ]);
    assert.throws(() => readPng(filtered(9, line)), /unknown filter/u);
  });

  test('that is hostile sets no memory aside', () => {
    const png = writePng(blankRaster(1, 1));
    png.writeUInt32BE(0xff_ff_ff_ff, 16);
    assert.throws(() => readPng(png), RangeError);
    const bomb = writePng(blankRaster(2000, 2000));
    bomb.writeUInt32BE(1, 16);
    bomb.writeUInt32BE(1, 20);
    assert.throws(() => readPng(bomb));
    for (let cut = 0; cut < 60; cut++) assert.throws(() => readPng(writePng(pattern(5, 5)).subarray(0, cut)));
  });
});
