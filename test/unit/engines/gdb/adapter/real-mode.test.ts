import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { codeBase } from '../../../../../src/engines/gdb/adapter/real-mode.ts';

suite('The code segment', () => {
  const base = (registers: Readonly<Record<string, string>>) =>
    codeBase((name) => {
      const value = registers[name];
      return value === undefined ? Promise.reject(new Error('Invalid register')) : Promise.resolve(value);
    });

  test('begins at the top after a reset, by its number in real mode, and nowhere else', async () => {
    const reset = { $cr0: '[ ET CD NW ]', $cs: '61440', $pc: '0xfff0' };
    assert.equal(await base(reset), 0xffff_0000n);
    assert.equal(await base({ ...reset, $cr0: '1610612752', $pc: '(void (*)()) 0xe05b' }), 0xf_0000n);
    assert.equal(await base({ ...reset, $cr0: '[ PE ET ]' }), 0n);
    assert.equal(await base({ ...reset, $cr0: '-2147483631' }), 0n);
    assert.equal(await base({}), 0n);
  });
});
