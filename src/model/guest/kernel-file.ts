import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { t } from '@vscode/l10n';
import { refusalOfElf } from './kernel-elf.ts';
import type { GuestArch } from './guest-spec.ts';

/** A file that QEMU's `-kernel` takes, for machines that we can make. */
export interface KernelFile {
  readonly arch: GuestArch;
  /** A boot image of Linux; otherwise an ELF program, which may be anything. */
  readonly isLinux: boolean;
}

/** QEMU would refuse a file, or start it without anything to see: why, and the ways out. */
export class KernelFileError extends Error {
  override readonly name = 'KernelFileError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

const ELF_MAGIC = '\u007fELF';
const ELF_BIG_ENDIAN = 2;
const ELF_64 = 2;
const EM_RISCV = 243;
/** Its `e_machine`. */
const ELF_ARCHES: ReadonlyMap<number, GuestArch> = new Map([
  // A 32-bit program may switch to 64 bits, as Multiboot kernels do.
  [3, 'x86_64'],
  [62, 'x86_64'],
  [183, 'aarch64'],
  [EM_RISCV, 'riscv64'],
]);
/** Offset, magic and architecture of Linux boot images. */
const LINUX_MAGICS: readonly (readonly [number, string, GuestArch])[] = [
  [0x202, 'HdrS', 'x86_64'],
  [0x38, 'ARM\u0064', 'aarch64'],
  [0x38, 'RSC\u0005', 'riscv64'],
];
/** The `Machine` of EFI programs. */
const EFI_ARCHES: ReadonlyMap<number, GuestArch> = new Map([
  [0x86_64, 'x86_64'],
  [0xaa_64, 'aarch64'],
  [0x50_64, 'riscv64'],
]);
const HEAD_BYTES = 0x1000;
/** Of a compressed file: no more than some MiB come of it. */
const PACKED_BYTES = 0x2000;
const GZIP_MAGIC = 0x1f_8b;
/** A riscv image says how far into the memory it goes: 4 MiB on 32-bit machines, 2 MiB on others. */
const RISCV32_OFFSET = 0x40_0000n;

/**
 * What a kernel file is for. Undefined for what is no kernel.
 * @throws KernelFileError for one that QEMU does not boot
 */
export async function readKernelFile(path: string): Promise<KernelFile | undefined> {
  await using file = await open(path, 'r');
  const head = await headOf(file);
  const name = basename(path);
  if (head.toString('latin1', 0, 4) === ELF_MAGIC) return await elfKernel(file, head, name);
  if (head.length > 2 && head.readUInt16BE(0) === GZIP_MAGIC) return await packedKernel(file, name);
  if (head.toString('latin1', 0, 2) === 'MZ' && head.toString('latin1', 4, 8) === 'zimg')
    return zbootKernel(head, name);
  return linuxKernel(head, name);
}

async function elfKernel(file: FileHandle, head: Buffer, name: string): Promise<KernelFile> {
  const machine = head.length < 20 ? 0 : head.readUInt16LE(18);
  const arch = head[5] === ELF_BIG_ENDIAN ? undefined : ELF_ARCHES.get(machine);
  if (machine === EM_RISCV && head[4] !== ELF_64) throw forRiscv32(name);
  if (arch === undefined)
    throw new KernelFileError(t('{0} is for a machine that KVM Workbench does not know', name));
  const refusal = arch === 'x86_64' ? await refusalOfElf(file, head) : undefined;
  if (refusal === undefined) return { arch, isLinux: false };
  throw new KernelFileError(
    refusal === 'wide-multiboot'
      ? t('QEMU does not boot {0}: it has a Multiboot header, and only 32-bit programs may', name)
      : t('QEMU does not boot {0}: an ELF program needs a PVH note or a Multiboot header', name),
    refusal === 'wide-multiboot'
      ? t(
          'Make it a 32-bit file that switches to 64 bits itself (“objcopy -O elf32-i386”), give it a PVH note (XEN_ELFNOTE_PHYS32_ENTRY) instead, or put it on a CD-ROM with a boot loader (“grub-mkrescue”).',
        )
      : t(
          'Give it a PVH note (XEN_ELFNOTE_PHYS32_ENTRY) that leads to a 32-bit start, make it a 32-bit program with a Multiboot 1 header, or put it on a CD-ROM with a boot loader (“grub-mkrescue”), which also knows Multiboot 2.',
        ),
  );
}

function forRiscv32(name: string): KernelFileError {
  return new KernelFileError(
    t('{0} is for riscv32, which KVM Workbench cannot boot', name),
    t('Build it for riscv64, or run it with qemu-system-riscv32.'),
  );
}

function linuxKernel(head: Buffer, name: string): KernelFile | undefined {
  const arch = LINUX_MAGICS.find(
    ([at, magic]) => head.toString('latin1', at, at + magic.length) === magic,
  )?.[2];
  if (arch === 'riscv64' && head.readBigUInt64LE(8) === RISCV32_OFFSET) throw forRiscv32(name);
  return arch && { arch, isLinux: true };
}

/** `Image.gz`: QEMU unpacks it for arm64, and takes it for a program on other machines. */
async function packedKernel(file: FileHandle, name: string): Promise<KernelFile | undefined> {
  const head = await unpackedHead(file);
  const found =
    head.toString('latin1', 0, 4) === ELF_MAGIC ? ('elf' as const) : linuxKernel(head, name)?.arch;
  if (found === undefined) return undefined;
  if (found === 'aarch64') return { arch: found, isLinux: true };
  throw new KernelFileError(
    t('{0} is a compressed kernel, which QEMU boots only on arm64', name),
    t('Decompress it first (“gunzip -k {0}”), and boot what comes out.', name),
  );
}

/** An EFI program that unpacks the kernel in it. QEMU unpacks those of arm64 itself, from 8.1 on. */
function zbootKernel(head: Buffer, name: string): KernelFile {
  const pe = head.readUInt32LE(0x3c);
  const machine =
    pe + 6 <= head.length && head.toString('latin1', pe, pe + 4) === 'PE\0\0' ? head.readUInt16LE(pe + 4) : 0;
  const arch = EFI_ARCHES.get(machine) ?? linuxKernel(head, name)?.arch;
  if (arch === 'aarch64') return { arch, isLinux: true };
  throw new KernelFileError(
    t('{0} is a kernel that unpacks itself under UEFI (zboot), which QEMU boots only on arm64', name),
    t('Boot the “Image” that it was made of, or a disk with it under UEFI firmware.'),
  );
}

async function headOf(file: FileHandle): Promise<Buffer> {
  const head = Buffer.alloc(HEAD_BYTES);
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  return head.subarray(0, bytesRead);
}

/** Nothing where the file is damaged. */
async function unpackedHead(file: FileHandle): Promise<Buffer> {
  const packed = Buffer.alloc(PACKED_BYTES);
  const { bytesRead } = await file.read(packed, 0, packed.length, 0);
  try {
    // The stream breaks off where our piece does.
    return gunzipSync(packed.subarray(0, bytesRead), { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}
