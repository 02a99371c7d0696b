import { t } from '@vscode/l10n';
import { archDefaults } from '../../../model/guest/arch.ts';
import type { GuestArch, GuestSpec } from '../../../model/guest/guest-spec.ts';
import { readKernelFile } from '../../../model/guest/kernel-file.ts';
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
 * @throws KernelFileError for a kernel that QEMU does not boot
 */
export async function howToBoot(path: string, signal?: AbortSignal): Promise<BootableFile> {
  const kernel = await readKernelFile(path);
  if (kernel !== undefined) {
    const { arch } = kernel;
    return {
      arch,
      isKernel: true,
      spec: (file) => ({
        arch,
        direct: { kernel: file, cmdline: `console=${archDefaults(arch).console}` },
        memoryKiB: KERNEL_MEMORY_KIB,
        interfaces: [{ kind: 'user' }],
      }),
    };
  }
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
