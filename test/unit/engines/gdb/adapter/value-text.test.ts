import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readable } from '../../../../../src/engines/gdb/adapter/value-text.ts';

suite('A value', () => {
  test('is a pointer to nothing where gdb finds a symbol at 0, but not in strings', () => {
    assert.equal(readable('(struct file *) 0x0 <fixed_percpu_data>'), '(struct file *) 0x0');
    assert.equal(readable('{a = 0x8 <fixed_percpu_data+8>, b = 0x0}'), '{a = 0x8, b = 0x0}');
    assert.equal(readable('0xffffffff81000000 <startup_64>'), '0xffffffff81000000 <startup_64>');
    assert.equal(readable('0x1000 <gdt_page>'), '0x1000 <gdt_page>');
    assert.equal(readable(String.raw`0x55 "0x0 <a> \" 0x0 <b>"`), String.raw`0x55 "0x0 <a> \" 0x0 <b>"`);
  });
});
