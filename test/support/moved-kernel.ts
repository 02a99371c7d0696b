import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { escapeXml } from './tiny-os.ts';

/** By how much it is mapped above where it was linked. */
export const MOVED_BY = 0x240_0000n;

/** What it was compiled in, as its line information says: like a distribution's, it does not say where that was. */
export const BUILT_IN = 'debian/build';

const sources = join(import.meta.dirname, 'moved-kernel');

/** Builds a 64-bit kernel that KASLR seems to have moved, and says where its ELF file is: symbols and guest at once. */
export async function buildMovedKernel(folder: string): Promise<string> {
  const build = join(folder, 'moved');
  await mkdir(join(build, 'kernel'), { recursive: true });
  await copyFile(join(sources, 'kernel.c'), join(build, 'kernel', 'kernel.c'));
  const vmlinux = join(build, 'vmlinux');
  const flags = [
    '-m64',
    '-g',
    '-O0',
    '-std=c11',
    '-ffreestanding',
    '-fpie',
    '-mno-red-zone',
    '-mgeneral-regs-only',
  ];
  const off = ['-fno-stack-protector', '-fno-asynchronous-unwind-tables', '-fcf-protection=none'];
  const link = [
    '-nostdlib',
    '-static',
    '-no-pie',
    '-Wl,--build-id=none',
    `-Wl,-T,${join(sources, 'link.ld')}`,
  ];
  const names = [`-ffile-prefix-map=${build}=${BUILT_IN}`, `-DMOVED_BY=0x${MOVED_BY.toString(16)}`];
  const files = [join(sources, 'entry.S'), 'kernel/kernel.c'];
  await execa('gcc', [...flags, ...off, ...names, ...link, '-o', vmlinux, ...files], { cwd: build });
  return vmlinux;
}

/** An emulated guest of two vCPUs that boots it. */
export function movedKernelXml(name: string, vmlinux: string): string {
  return `<domain type="qemu">
  <name>${escapeXml(name)}</name>
  <memory unit="MiB">64</memory>
  <vcpu>2</vcpu>
  <os><type arch="x86_64" machine="pc">hvm</type><kernel>${escapeXml(vmlinux)}</kernel></os>
  <features><acpi/></features>
  <devices>
    <controller type="usb" model="none"/>
    <memballoon model="none"/>
  </devices>
</domain>
`;
}
