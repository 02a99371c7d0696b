import assert from 'node:assert/strict';
import { chown, copyFile, mkdir, open, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { bootPaused } from '../../../../../src/engines/environment/deploy/boot-file.ts';
import { EnvironmentHost } from '../../../../../src/engines/environment/deploy/environment-host.ts';
import { howToBoot } from '../../../../../src/engines/environment/images/how-to-boot.ts';
import { linuxKernelFor, whyNoLinux } from '../../../../support/linux-guest.ts';
import { labOver } from '../../../../support/lab-over.ts';
import { asOwner, EnvironmentBench } from '../support.ts';

/** A boot sector that says so at the first serial port, and stops there. */
const SECTOR = Buffer.concat([
  Buffer.from('baf803', 'hex'), // mov dx, 0x3f8
  Buffer.from('be117c', 'hex'), // mov si, text
  Buffer.from('fc', 'hex'), // cld
  Buffer.from('ac', 'hex'), // next: lodsb
  Buffer.from('84c0', 'hex'), // test al, al
  Buffer.from('7403', 'hex'), // jz end
  Buffer.from('ee', 'hex'), // out dx, al
  Buffer.from('ebf8', 'hex'), // jmp next
  Buffer.from('ebfe', 'hex'), // end: jmp end
  Buffer.from('from the boot sector\0'),
]);

const SOMEBODY = 12_345;

suite('A file is booted for what it is', { skip: await whyNoLinux() }, () => {
  let bench: EnvironmentBench;
  let kernel: string;
  const near = (name: string) => join(bench.daemon.folder, name);

  before(async () => {
    bench = await EnvironmentBench.open();
    ({ kernel } = await linuxKernelFor(bench.daemon));
    const sector = Buffer.alloc(1024 * 1024);
    SECTOR.copy(sector);
    sector.writeUInt16LE(0xaa55, 510);
    await writeFile(near('disk.raw'), sector);
    for (const format of ['qcow2', 'vmdk', 'vhdx'])
      await execa('qemu-img', [
        'convert',
        '-f',
        'raw',
        '-O',
        format,
        near('disk.raw'),
        near(`disk.${format}`),
      ]);
    await mkdir(near('cd'));
    await writeFile(near('cd/boot'), sector.subarray(0, 2048));
    const options = ['-quiet', '-b', 'boot', '-no-emul-boot', '-boot-load-size', '4', '-o', near('cd.iso')];
    await execa('genisoimage', [...options, near('cd')], { stdin: 'ignore' });
  });
  /** What a guest of that file says first, of what is looked for. */
  async function says(path: string, pattern: RegExp): Promise<void> {
    const { domains, domainStreams } = bench.connection;
    const signal = AbortSignal.timeout(30_000);
    const domain = await bootPaused(bench.host, path, { signal, type: 'qemu' });
    const console_ = await domainStreams.openConsole(domain);
    try {
      const heard = new Promise<void>((resolve, reject) => {
        let text = '';
        setTimeout(() => reject(new Error(`heard only: ${text}`)), 30_000).unref();
        console_.on('data', (chunk: Buffer) => {
          text += chunk.toString('latin1');
          if (pattern.test(text)) resolve();
        });
      });
      await domains.resume(domain);
      await heard;
    } finally {
      console_.destroy();
      await domains.destroy(domain);
    }
  }

  after(async () => {
    assert.equal(await bench.daemon.virsh('list', '--all', '--name'), '', 'they are gone with their end');
    await bench[Symbol.asyncDispose]();
  });

  test('disk images of every format, and CD-ROMs, from their boot sector', async () => {
    const names = ['disk.raw', 'disk.qcow2', 'disk.vmdk', 'cd.iso'];
    await Promise.all(names.map((name) => says(near(name), /from the boot sector/u)));
  });

  test('a Linux image and an ELF, directly', async () => {
    const elf = await bench.daemon.tinyOsElf();
    await Promise.all([says(kernel, /Linux version/u), says(elf, /tiny-os/iu)]);
  });

  test('a kernel, which stays its owner’s', async () => {
    const own = near('bzImage');
    await copyFile(kernel, own);
    // Root could write it all the same.
    const { uid, gid } = userInfo();
    const owner = uid === 0 ? SOMEBODY : uid;
    await chown(own, owner, gid);
    const host = new EnvironmentHost(labOver(bench.connection), bench.connection, owner);
    const signal = AbortSignal.timeout(30_000);
    const domain = await bootPaused(host, own, { signal, type: 'qemu' });
    try {
      assert.equal((await stat(own)).uid, owner);
    } finally {
      await bench.connection.domains.destroy(domain);
    }
  });

  test('from a folder that QEMU may not enter, by a copy that is gone', { skip: asOwner }, async () => {
    const home = near('home');
    await mkdir(home, { mode: 0o700 });
    for (const name of ['disk.qcow2', 'cd.iso']) await copyFile(near(name), join(home, name));
    assert.equal(await bench.host.canRead(join(home, 'cd.iso')), false);
    await says(join(home, 'disk.qcow2'), /from the boot sector/u);
    await says(join(home, 'cd.iso'), /from the boot sector/u);
    assert.equal(await bench.daemon.virsh('pool-list', '--all', '--name'), '');
  });

  test('not what is for another machine', async () => {
    const elf = Buffer.alloc(0x300);
    elf.write('\u007fELF', 'latin1');
    elf.writeUInt16LE(8, 18);
    await writeFile(near('mips.elf'), elf);
    await assert.rejects(howToBoot(near('mips.elf')), /machine that KVM Workbench does not know/u);
    elf.writeUInt16LE(183, 18);
    await writeFile(near('arm.elf'), elf);
    assert.equal((await howToBoot(near('arm.elf'))).arch, 'aarch64');
  });

  test('not an image that libvirt cannot boot, or that would read another file of the host', async () => {
    const args = ['create', '-q', '-f', 'qcow2', '-b', '/etc/hostname', '-F', 'raw', near('over.qcow2')];
    await execa('qemu-img', args, { stdin: 'ignore' });
    await assert.rejects(howToBoot(near('over.qcow2')), /reads other files/u);
    await assert.rejects(howToBoot(near('disk.vhdx')), /Create Guest from Image/u);
    const file = await open(near('empty.img'), 'w');
    await file.close();
    await assert.rejects(howToBoot(near('empty.img')), /empty\.img is empty/u);
  });
});
