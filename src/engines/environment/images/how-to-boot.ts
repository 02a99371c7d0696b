import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { t } from '@vscode/l10n';
import { archDefaults } from '../../../model/guest/arch.ts';
import type { GuestArch, GuestSpec } from '../../../model/guest/guest-spec.ts';
import { openUntrusted } from '../../../model/disk-image/self-contained.ts';

const KERNEL_MEMORY_KIB = 512 * 1024;
const DISK_MEMORY_KIB = 2048 * 1024;

/** A machine for one file, without name and type. `file` is what QEMU opens, which may be a copy. */
export interface BootableFile {
  readonly arch: GuestArch;
  readonly isKernel: boolean;
  spec(file: string, isCopy: boolean): Omit<GuestSpec, 'name' | 'type'>;
}

/**
 * How a file boots: a kernel or ELF directly, a CD-ROM or disk image from its boot sector. What the guest writes to an
 * image is lost when it stops.
 * @throws ImageError for an image that reads other files of the host
 * @throws Error for a program of an unknown machine
 */
export async function howToBoot(path: string, signal?: AbortSignal): Promise<BootableFile> {
  const kernelArch = await archOfKernel(path);
  if (kernelArch !== undefined)
    return {
      arch: kernelArch,
      isKernel: true,
      spec: (file) => ({
        arch: kernelArch,
        direct: { kernel: file, cmdline: `console=${archDefaults(kernelArch).console}` },
        memoryKiB: KERNEL_MEMORY_KIB,
        interfaces: [{ kind: 'user' }],
      }),
    };
  const { format } = await openUntrusted(path, { signal });
  if (format === 'vhdx')
    throw new Error(
      t('libvirt cannot boot a VHDX directly: “Create Guest from Image…” makes a copy that it can boot'),
    );
  const isCd = format === 'iso';
  return {
    arch: 'x86_64',
    isKernel: false,
    spec: (file, isCopy) => ({
      memoryKiB: DISK_MEMORY_KIB,
      disks: [
        isCd
          ? { source: { file }, format: 'raw', device: 'cdrom' }
          : { source: { file }, format, transient: !isCopy },
      ],
      interfaces: [{ kind: 'user' }],
      graphics: {},
    }),
  };
}

const ELF_MAGIC = '\u007fELF';
const ELF_BIG_ENDIAN = 2;
/** Its `e_machine`. */
const ELF_ARCHES = new Map<number, GuestArch>([
  // A 32-bit program may switch to 64 bits, as Multiboot kernels do.
  [3, 'x86_64'],
  [62, 'x86_64'],
  [183, 'aarch64'],
  [243, 'riscv64'],
]);
/** Offset, magic and architecture of Linux boot images. */
const LINUX_MAGICS: readonly (readonly [number, string, GuestArch])[] = [
  [0x202, 'HdrS', 'x86_64'],
  [0x38, 'ARMd', 'aarch64'],
  [0x38, 'RSC\u0005', 'riscv64'],
];

/** Undefined for what is no kernel. */
async function archOfKernel(path: string): Promise<GuestArch | undefined> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(0x206);
    await file.read(head, 0, head.length, 0);
    const text = head.toString('latin1');
    if (text.startsWith(ELF_MAGIC)) {
      const machine = head[5] === ELF_BIG_ENDIAN ? undefined : ELF_ARCHES.get(head.readUInt16LE(18));
      if (machine === undefined)
        throw new Error(t('{0} is for a machine that KVM Workbench does not know', basename(path)));
      return machine;
    }
    return LINUX_MAGICS.find(([at, magic]) => text.startsWith(magic, at))?.[2];
  } finally {
    await file.close();
  }
}
