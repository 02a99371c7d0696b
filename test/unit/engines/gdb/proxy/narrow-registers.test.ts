import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { narrowDescription } from '../../../../../src/engines/gdb/proxy/narrow-registers.ts';

const WIDE = `<target><architecture>i386:x86-64</architecture></target><feature>
<reg name="rax" bitsize="64" type="int64"/><reg name="r8" bitsize="64" type="int64"/>
<reg name="rip" bitsize="64" type="code_ptr"/><reg name="eflags" bitsize="32" type="x64_eflags"/>
<!-- <reg name="cs_base" bitsize="64" type="int64"/> -->
<reg name="cr0" bitsize="64" type="x64_cr0"/><reg name="xmm0" bitsize="128" type="vec128"/>
<reg name="xmm8" bitsize="128" type="vec128"/></feature>`;

suite('The registers of a 64-bit machine for a 32-bit program', () => {
  const layout = narrowDescription(WIDE);

  test('are described as a 32-bit processor has them, with the numbers of the stub', () => {
    assert.match(layout.description, /<architecture>i386<\/architecture>/);
    assert.match(layout.description, /name="eax" bitsize="32" type="int32" regnum="0"/);
    assert.match(layout.description, /name="eip" bitsize="32" type="code_ptr" regnum="2"/);
    assert.match(layout.description, /name="cr0" bitsize="64"[^>]* regnum="4"/);
    assert.doesNotMatch(layout.description, /r8|xmm8|cs_base/);
  });

  test('are cut out of the values of all', () => {
    const wide = ['11111111aaaaaaaa', '8'.repeat(16), '22222222bbbbbbbb', '33333333', '4'.repeat(16)];
    const values = [...wide, '5'.repeat(32), '9'.repeat(32)].join('');
    assert.equal(
      layout.narrow(values),
      ['11111111', '22222222', '33333333', '4'.repeat(16), '5'.repeat(32)].join(''),
    );
    assert.equal(layout.narrow('E14'), 'E14');
  });

  test('are widened when one is written, and nothing else is', () => {
    assert.equal(layout.widenWrite('P2=78563412'), 'P2=7856341200000000');
    assert.equal(layout.widenWrite('P3=46020000'), 'P3=46020000');
    assert.equal(layout.widenWrite('m104fc0,40'), 'm104fc0,40');
  });
});
