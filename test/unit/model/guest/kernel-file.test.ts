import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readKernelFile } from '../../../../src/model/guest/kernel-file.ts';
import { type ElfParts, handMadeElf, multibootHeader, pvhNote } from '../../../support/hand-made-elf.ts';

const [EM_386, EM_X86_64, EM_AARCH64, EM_RISCV] = [3, 62, 183, 243];
const HAS_ADDRESSES = 0x1_0000;

function image(parts: Readonly<Record<number, string>>, riscvOffset = 0x20_0000n): Buffer {
  const bytes = Buffer.alloc(0x1000);
  bytes.writeBigUInt64LE(riscvOffset, 8);
  for (const [at, text] of Object.entries(parts)) bytes.write(text, Number(at), 'latin1');
  return bytes;
}

suite('A kernel file', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-kernel-file-'));
  });
  after(async () => rm(folder, { recursive: true, force: true }));

  async function read(bytes: Buffer) {
    const path = join(folder, 'kernel');
    await writeFile(path, bytes);
    return readKernelFile(path);
  }
  const elf = (parts: ElfParts) => read(handMadeElf(parts));

  test('in ELF on x86 needs what QEMU looks for', async () => {
    const bootable: readonly ElfParts[] = [
      { machine: EM_X86_64, notes: pvhNote() },
      { machine: EM_386, bits: 32, notes: pvhNote() },
      { machine: EM_386, bits: 32, start: multibootHeader() },
      { machine: EM_X86_64, start: multibootHeader(HAS_ADDRESSES) },
    ];
    for (const parts of bootable) assert.deepEqual(await elf(parts), { arch: 'x86_64', isLinux: false });
    const sixtyFour = { message: /only 32-bit programs/u, hint: /objcopy -O elf32-i386.*grub-mkrescue/u };
    await assert.rejects(elf({ machine: EM_X86_64, start: multibootHeader() }), sixtyFour);
    const noEntry = {
      name: 'KernelFileError',
      message: /needs a PVH note/u,
      hint: /PHYS32_ENTRY.*Multiboot 2/u,
    };
    await assert.rejects(elf({ machine: EM_X86_64 }), noEntry);
    await assert.rejects(elf({ machine: EM_386, bits: 32 }), noEntry);
    const multiboot2 = Buffer.from('d65052e8000000001800000012afad17', 'hex');
    await assert.rejects(elf({ machine: EM_X86_64, start: multiboot2 }), noEntry);
    const wrongSum = multibootHeader();
    wrongSum.writeUInt32LE(1, 8);
    await assert.rejects(elf({ machine: EM_X86_64, start: wrongSum }), noEntry);
    const otherNote = pvhNote();
    otherNote.writeUInt32LE(3, 8);
    await assert.rejects(elf({ machine: EM_X86_64, notes: otherNote }), noEntry);
    assert.ok(await elf({ machine: EM_X86_64, notes: Buffer.concat([otherNote, pvhNote()]) }));
  });

  test('of other machines is told by its header, riscv32 from riscv64', async () => {
    assert.equal((await elf({ machine: EM_AARCH64 }))?.arch, 'aarch64');
    assert.equal((await elf({ machine: EM_RISCV }))?.arch, 'riscv64');
    await assert.rejects(elf({ machine: EM_RISCV, bits: 32 }), /is for riscv32/u);
    await assert.rejects(elf({ machine: 8 }), /a machine that KVM Workbench does not know/u);
    await assert.rejects(elf({ machine: 22, isBigEndian: true }), /does not know/u);
  });

  test('of Linux is told by its magic, also compressed', async () => {
    const arm = image({ 0x38: 'ARM\u0064' });
    const riscv = { 0x30: 'RISCV', 0x38: 'RSC\u0005' };
    assert.deepEqual(await read(image({ 0x202: 'HdrS' })), { arch: 'x86_64', isLinux: true });
    assert.deepEqual(await read(arm), { arch: 'aarch64', isLinux: true });
    assert.deepEqual(await read(image(riscv)), { arch: 'riscv64', isLinux: true });
    await assert.rejects(read(image(riscv, 0x40_0000n)), /is for riscv32/u);
    assert.deepEqual(await read(gzipSync(arm)), { arch: 'aarch64', isLinux: true });
    assert.deepEqual(await read(gzipSync(arm.subarray(0, 64))), { arch: 'aarch64', isLinux: true });
    await assert.rejects(read(gzipSync(image(riscv))), {
      message: /only on arm64/u,
      hint: /gunzip -k kernel/u,
    });
    await assert.rejects(read(gzipSync(handMadeElf({ machine: EM_X86_64 }))), /compressed kernel/u);
  });

  test('that unpacks itself under UEFI is told by its name for that, and its machine', async () => {
    const zboot = (machine: number) => {
      const bytes = image({ 0: 'MZ\0\0zimg', 0x80: 'PE\0\0' });
      bytes.writeUInt32LE(0x80, 0x3c);
      bytes.writeUInt16LE(machine, 0x84);
      return bytes;
    };
    assert.deepEqual(await read(zboot(0xaa_64)), { arch: 'aarch64', isLinux: true });
    await assert.rejects(read(zboot(0x50_64)), /zboot/u);
  });

  test('is not what is something else, cut off or damaged', async () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('MZ'),
      Buffer.alloc(0x2000),
      gzipSync('text'),
      Buffer.from([0x1f, 0x8b, 8]),
    ])
      assert.equal(await read(bytes), undefined);
    await assert.rejects(read(Buffer.from('\u007fELF', 'latin1')), { name: 'KernelFileError' });
    const whole = handMadeElf({ machine: EM_X86_64, notes: pvhNote() });
    for (let length = 20; length < 130; length += 7)
      await assert.rejects(read(whole.subarray(0, length)), { name: 'KernelFileError' });
  });
});
