import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blankRaster, shrunk } from '../../../../src/model/image/raster.ts';

test('a picture becomes smaller with its proportions, and the mean of its pixels', () => {
  const checks = blankRaster(400, 200);
  for (let at = 0; at < checks.rgb.length; at += 6) checks.rgb.fill(200, at, at + 3);
  const small = shrunk(checks, 100);
  assert.deepEqual([small.width, small.height], [100, 50]);
  assert.deepEqual([...new Set(small.rgb)], [100]);
  assert.equal(shrunk(small, 100), small);
});
