import { join } from 'node:path';
import { execa } from 'execa';
import { tinyOsFolder } from '../../../scripts/lib/tiny-os.ts';
import type { PrivateDaemon } from '../../support/private-daemon.ts';
import { escapeXml } from '../../support/tiny-os.ts';

export const FLOOD = 'flood';

const FLAGS =
  '-m32 -O1 -std=c11 -ffreestanding -mgeneral-regs-only -fcf-protection=none -fno-pic -fno-stack-protector ' +
  '-fno-asynchronous-unwind-tables -nostdlib -static -no-pie -Wl,--build-id=none';

/** Starts a guest that sends text through its virtio console, a block for each byte that it is sent. */
export async function startFlood(daemon: PrivateDaemon): Promise<void> {
  const kernel = join(daemon.folder, 'flood.elf');
  const source = join(import.meta.dirname, 'flood', 'flood.c');
  const layout = `-Wl,-T,${join(tinyOsFolder, 'src', 'link.ld')}`;
  await execa('gcc', [...FLAGS.split(' '), layout, '-o', kernel, source]);
  await daemon.define(`<domain type="qemu">
  <name>${FLOOD}</name>
  <memory unit="MiB">16</memory>
  <os><type arch="x86_64" machine="pc">hvm</type><kernel>${escapeXml(kernel)}</kernel></os>
  <devices>
    <console type="pty"><target type="virtio"/></console>
    <controller type="usb" model="none"/>
    <memballoon model="none"/>
  </devices>
</domain>`);
  await daemon.virsh('start', FLOOD);
}
