import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Connection } from '../../../../../src/client/libvirt/connect.ts';
import type { DomainRef } from '../../../../../src/client/libvirt/domain/domain.ts';
import { ElfFile } from '../../../../../src/engines/gdb/symbols/elf.ts';
import { inKernel, kaslrOffset } from '../../../../../src/engines/gdb/symbols/kaslr.ts';
import { fitKernel } from '../../../../../src/engines/gdb/symbols/kernel.ts';
import { handMadeElf } from '../../../../support/hand-made-elf.ts';

const BANNER = 'Linux version 6.1.0-kaslr (somebody@somewhere) #1 SMP\n';

/** ELF's number of each machine, where its kernel is linked, and where it was found in a guest. */
const KERNELS = {
  aarch64: [183, 0xffff_8000_0800_0000n, 0xffff_de17_63e0_0000n],
  riscv64: [243, 0xffff_ffff_8000_0000n, 0xffff_ffff_a8c0_0000n],
  s390x: [22, 0x10_0000n, 0x2_3ab0_4000n],
  x86_64: [62, 0xffff_ffff_8100_0000n, 0xffff_ffff_9d20_0000n],
} as const;

/** A guest that tells nothing of itself but through its agent: where its kernel begins, and its version. */
function guestWith(text: bigint): Connection {
  const files: Readonly<Record<string, string>> = {
    '/proc/kallsyms': `0000000000000000 A fixed\n${text.toString(16).padStart(16, '0')} T _text\n`,
    '/proc/version': BANNER,
  };
  const answer = (execute: string, { path }: { path?: string }, opened: string[]) => {
    if (execute === 'guest-file-open') {
      if (path === undefined || files[path] === undefined) throw new Error('no such file');
      return opened.push(path);
    }
    const read = files[opened.at(-1) ?? ''] ?? '';
    return { 'buf-b64': Buffer.from(read).toString('base64'), eof: true };
  };
  const opened: string[] = [];
  const qemu = {
    monitorCommand: () => Promise.resolve('Cannot access memory\n'),
    agentCommand: async (_: DomainRef, text: string) => {
      const { execute, arguments: given } = JSON.parse(text) as {
        execute: string;
        arguments: { path?: string };
      };
      return JSON.stringify({ return: answer(execute, given, opened) });
    },
  };
  return { qemu } as unknown as Connection;
}

suite('A kernel that KASLR moved', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-kaslr-'));
  });
  after(async () => rm(folder, { recursive: true, force: true }));

  async function fit(arch: keyof typeof KERNELS, now: bigint) {
    const [machine, linked] = KERNELS[arch];
    const path = join(folder, `vmlinux-${arch}`);
    const banner = { address: linked + 0x2000n, bytes: Buffer.from(`${BANNER}\0`) };
    const symbols = { _text: linked, _stext: linked, linux_banner: banner.address };
    const isBigEndian = arch === 's390x';
    await writeFile(path, handMadeElf({ machine, isBigEndian, data: banner, symbols }));
    await using vmlinux = await ElfFile.open(path);
    const domain: DomainRef = { name: 'moved', uuid: Buffer.alloc(16), id: 1 } as unknown as DomainRef;
    return await fitKernel({ connection: guestWith(now), domain, arch, cmdline: undefined }, vmlinux);
  }

  for (const [arch, [, linked, now]] of Object.entries(KERNELS))
    test(`is found on ${arch}, in the range and at the steps of that architecture`, async () => {
      const { offset, remarks } = await fit(arch as keyof typeof KERNELS, now);
      assert.equal(offset, now - linked);
      assert.match(remarks.join(' '), /Linux 6\.1\.0-kaslr/u);
    });

  test('is another where it cannot have been moved so', async () => {
    for (const [arch, now] of [
      ['aarch64', 0xffff_de17_63e0_1000n],
      ['riscv64', 0xffff_ffff_a8c0_1000n],
      ['s390x', 0x2_3ab0_4100n],
    ] as const)
      await assert.rejects(fit(arch, now), { name: 'DebugError', message: /of another kernel/u }, arch);
  });

  test('may be below the place that an s390x kernel is linked for', () => {
    const linked = 0x3ff_e000_0000n;
    const now = 0x3ff_a000_4000n;
    const offset = kaslrOffset('s390x', now, linked) ?? assert.fail();
    assert.equal(BigInt.asUintN(64, linked + offset), now);
    assert.equal(kaslrOffset('aarch64', now, linked), undefined);
    assert.equal(kaslrOffset('riscv64', linked + 0x4000_0000n, linked), undefined);
    assert.equal(kaslrOffset('x86_64', linked + 0x3fe0_0000n, linked), 0x3fe0_0000n);
  });

  test('has addresses of the upper half, except on s390x', () => {
    assert.equal(inKernel('aarch64', 0x4000n), undefined);
    assert.equal(inKernel('s390x', 0x4000n), 0x4000n);
    assert.equal(inKernel('s390x', 0n), undefined);
  });
});
