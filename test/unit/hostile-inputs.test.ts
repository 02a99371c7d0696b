import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { kinds, tryKind } from '../soak/hostile/hostile.ts';

const SEED = 20_261;
/** Of each kind; those that QEMU looks at take longer. */
const INPUTS = 300;
const SEEN_BY_QEMU = 3;

suite('Whatever others say', { timeout: 120_000 }, () => {
  for (const kind of kinds)
    test(`of the kind “${kind.name}” breaks nothing and touches nothing`, async () => {
      const inputs = kind.name.includes('QEMU') ? SEEN_BY_QEMU : INPUTS;
      assert.deepEqual(await tryKind(kind, inputs, SEED), []);
    });

  test('is made up anew for each kind, and a hundred thousand times in all', () => {
    const shares = kinds.reduce((sum, { share }) => sum + share, 0);
    assert.ok(shares >= 100_000, `${shares}`);
    assert.equal(new Set(kinds.map(({ name }) => name)).size, kinds.length);
  });
});
