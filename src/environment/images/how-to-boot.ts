import { open } from 'node:fs/promises';
import type { GuestSpec } from '../../guest/guest-spec.ts';
import { readImageHeader } from './image-header.ts';

const KERNEL_MEMORY_KIB = 512 * 1024;
const DISK_MEMORY_KIB = 2048 * 1024;

/**
 * A machine for one file: a kernel or ELF is booted directly, a CD-ROM or disk image from its boot sector. What the
 * guest writes to an image is gone when it stops.
 * @throws Error for an image that reads other files of the host
 */
export async function howToBoot(path: string): Promise<Omit<GuestSpec, 'name' | 'type'>> {
  if (await isKernel(path))
    return {
      direct: { kernel: path, cmdline: 'console=ttyS0' },
      memoryKiB: KERNEL_MEMORY_KIB,
      interfaces: [{ kind: 'user' }],
    };
  const { format, refersToFiles } = await readImageHeader(path);
  if (refersToFiles) throw new Error('it reads other files of the host, which an image may not');
  if (format === 'vhdx')
    throw new Error('libvirt boots no VHDX as it is: “Create Guest from Image…” makes a copy that it boots');
  const disk = format === 'iso' ? { device: 'cdrom' as const } : { transient: true };
  return {
    memoryKiB: DISK_MEMORY_KIB,
    disks: [{ source: { file: path }, format: format === 'iso' ? 'raw' : format, ...disk }],
    interfaces: [{ kind: 'user' }],
    graphics: {},
  };
}

/** A Linux image for x86 says so at 0x202, and every ELF at its start. */
async function isKernel(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(0x206);
    await file.read(head, 0, head.length, 0);
    return head.toString('latin1', 0, 4) === '\u007fELF' || head.toString('latin1', 0x202, 0x206) === 'HdrS';
  } finally {
    await file.close();
  }
}
