import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { kernelRefusal } from '../../../../../src/engines/environment/deploy/kernel-refusal.ts';
import { fileKind, loadEnvironment } from '../../../../../src/engines/environment/file/load.ts';
import { handMadeElf, multibootHeader } from '../../../../support/hand-made-elf.ts';

const [EM_386, EM_X86_64, EM_RISCV] = [3, 62, 243];

suite('The kernel of a guest in a file', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-kernel-refusal-'));
    const write = (name: string, bytes: Buffer) => writeFile(join(folder, name), bytes);
    await write('plain.elf', handMadeElf({ machine: EM_X86_64 }));
    await write('riscv.elf', handMadeElf({ machine: EM_RISCV }));
    await write('multiboot.elf', handMadeElf({ machine: EM_386, bits: 32, start: multibootHeader() }));
    await write('other', Buffer.from('not a kernel that anybody knows'));
  });
  after(async () => rm(folder, { recursive: true, force: true }));

  async function refusalOf(...lines: readonly string[]) {
    const text = `guests:\n  k:\n${lines.map((line) => `    ${line}\n`).join('')}`;
    const file = join(folder, 'kvm.yaml');
    const { environment } = await loadEnvironment(text, file, { exists: fileKind, images: [] });
    return kernelRefusal(environment?.guests[0] ?? assert.fail(text));
  }

  test('is told before QEMU is asked where it would refuse', async () => {
    const refusal = (await refusalOf('kernel: plain.elf')) ?? assert.fail();
    assert.match(refusal.message, /QEMU does not boot plain\.elf/u);
    assert.match(refusal.hint, /PVH note/u);
    assert.equal(refusal.key, 'kernel');
    assert.equal((await refusalOf('multiboot: plain.elf'))?.key, 'multiboot');
  });

  test('is told where it is for another machine', async () => {
    assert.deepEqual(await refusalOf('kernel: riscv.elf'), {
      message: 'riscv.elf is for riscv64, and the guest has “arch: x86_64”',
      hint: 'Write “arch: riscv64”.',
      key: 'arch',
    });
  });

  test('is left alone otherwise', async () => {
    assert.equal(await refusalOf('kernel: riscv.elf', 'arch: riscv64'), undefined);
    assert.equal(await refusalOf('multiboot: multiboot.elf'), undefined);
    assert.equal(await refusalOf('kernel: multiboot.elf', 'arch: i686'), undefined);
    assert.equal(await refusalOf('kernel: other'), undefined);
    assert.equal(await refusalOf('image: debian-13'), undefined);
  });
});
