import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { execa } from 'execa';
import { ElfFile } from '../../../../src/engines/gdb/symbols/elf.ts';

suite('The sections of a kernel', () => {
  /** Of an ELF file with per-CPU data at that address. */
  async function absolute(perCpu: string): Promise<readonly string[]> {
    const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-elf-'));
    try {
      const vmlinux = join(folder, 'vmlinux');
      await writeFile(`${vmlinux}.s`, '.text\n_text: nop\n.section .percpu,"aw"\n.quad 1\n');
      await execa('aarch64-linux-gnu-as', ['-o', `${vmlinux}.o`, `${vmlinux}.s`]);
      const places = ['-Ttext=0xffff800008000000', `--section-start=.percpu=${perCpu}`];
      await execa('aarch64-linux-gnu-ld', [...places, '-e', '_text', '-o', vmlinux, `${vmlinux}.o`]);
      await using elf = await ElfFile.open(vmlinux);
      return elf.absoluteSections.map(({ name, address }) => `${name} ${address}`);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  test('are moved with it on arm64, and per-CPU data that is counted from 0 is not', async () => {
    assert.deepEqual(await absolute('0xffff800008200000'), []);
    assert.deepEqual(await absolute('0'), ['.percpu 0']);
  });
});
