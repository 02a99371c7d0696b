import assert from 'node:assert/strict';
import { mkdir, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import { openAppliance } from '../../../../../src/engines/environment/images/appliance.ts';
import { convertImage } from '../../../../../src/engines/environment/images/convert.ts';
import { howToBoot } from '../../../../../src/engines/environment/images/how-to-boot.ts';
import { makeDisk } from '../../../../../src/engines/environment/images/make-disk.ts';
import { ImageStore } from '../../../../../src/engines/environment/images/image-store.ts';
import { openUntrusted } from '../../../../../src/model/disk-image/self-contained.ts';
import { ovfEnvelope, sparseVmdk, tarArchive, vmdkDescriptor } from '../../../../support/hand-made-images.ts';

const SECRET = `secret of the host ${'x'.repeat(1000)}`;
/** The bit of a VHDX's file parameters that says that it has a parent, and the GUID of those parameters. */
const VHDX_HAS_PARENT = 2;
const VHDX_PARAMETERS = Buffer.from('3767a1ca36fa434db3b633f0aa44e76b', 'hex');
/** The UUID of the VDI to which another is the difference. */
const VDI_LINK_AT = 0x1_a8;

suite('Images that reach for other files', { timeout: 60_000 }, () => {
  let folder: string;
  const signal = AbortSignal.timeout(180_000);
  const near = (...names: string[]) => join(folder, 'app', ...names);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-alone-'));
    await mkdir(near());
    await writeFile(join(folder, 'secret.txt'), SECRET);
  });
  after(async () => rm(folder, { recursive: true }));

  /** By every way that an image goes here. */
  async function isRefused(name: string, why = /reads other files of the host/u): Promise<void> {
    const path = near(name);
    await assert.rejects(openUntrusted(path, { signal }), why, name);
    await assert.rejects(howToBoot(path), why, name);
    const store = new ImageStore(join(folder, 'store'));
    await assert.rejects(store.ensure({ kind: 'file', path, format: 'vmdk' }, { signal }), why, name);
    const target = join(folder, 'converted.qcow2');
    for (const format of ['vmdk', 'vhdx', 'vdi', 'qcow2'] as const)
      await assert.rejects(convertImage({ path, format }, target, { signal }), { name: 'ImageError' });
    assert.deepEqual(
      (await readdir(folder)).filter((each) => each.includes('converted')),
      [],
    );
  }

  const secretExtent = 'RW 2 FLAT "../secret.txt" 0';
  const inOutside = { createType: 'monolithicFlat', extents: [secretExtent] };

  test('a VMDK whose extent has a descriptor of its own', async () => {
    await writeFile(near('inner.vmdk'), sparseVmdk(0, vmdkDescriptor(inOutside)));
    for (const kind of ['SPARSE', 'VMFSSPARSE', 'SESPARSE']) {
      const outer = vmdkDescriptor({
        createType: 'twoGbMaxExtentSparse',
        extents: [`RW 2 ${kind} "inner.vmdk"`],
      });
      await writeFile(near('outer.vmdk'), outer);
      await isRefused('outer.vmdk');
    }
    await isRefused('inner.vmdk');
  });

  test('a VMDK whose parent stands where only QEMU looks for it', async () => {
    const hint = 'parentFileNameHint="../secret.txt"';
    const inComment = vmdkDescriptor({ extents: ['RW 2048 SPARSE "p.vmdk"'], more: `# ${hint}` });
    await writeFile(near('comment.vmdk'), sparseVmdk(2048, inComment));
    await isRefused('comment.vmdk');
    const beyond = `${vmdkDescriptor({ extents: ['RW 2048 SPARSE "p.vmdk"'] }).padEnd(512)}\n${hint}\n`;
    await writeFile(near('beyond.vmdk'), sparseVmdk(2048, beyond, 1));
    await isRefused('beyond.vmdk');
    await writeFile(near('one-flat.vmdk'), Buffer.alloc(1024));
    const flat = vmdkDescriptor({
      createType: 'monolithicFlat',
      extents: ['RW 2 FLAT "one-flat.vmdk" 0'],
      more: `#${hint}`,
    });
    await writeFile(near('text.vmdk'), flat);
    await isRefused('text.vmdk');
  });

  test('a VMDK whose extents are elsewhere, however they are written', async () => {
    await symlink(join(folder, 'secret.txt'), near('link'));
    await execa('mkfifo', [near('pipe')]);
    await writeFile(near('plain'), Buffer.alloc(1024));
    const plain = 'RW 2 FLAT "plain" 0';
    const extents = [
      secretExtent,
      `RW 2 FLAT "${join(folder, 'secret.txt')}" 0`,
      'RW 2 FLAT "link" 0',
      'RW 2 FLAT "pipe" 0',
      'RW 2 FLAT "nbd://127.0.0.1:1/x" 0',
      'RW 2 FLAT "json:{}" 0',
      `${plain}\nRW\n2\nFLAT\n"../secret.txt" 0`,
      `${plain}\n\tRW\v2\fFLAT\r"../secret.txt" 0`,
      `${plain}\n  RW +2 VMFS "../secret.txt"`,
    ];
    for (const extent of extents) {
      await writeFile(near('x.vmdk'), vmdkDescriptor({ createType: 'monolithicFlat', extents: [extent] }));
      await isRefused('x.vmdk');
    }
    await writeFile(near('x.vmdk'), vmdkDescriptor({ createType: 'monolithicFlat', extents: [plain] }));
    assert.equal((await openUntrusted(near('x.vmdk'))).virtualBytes, 1024);
  });

  test('a QCOW2 with a data file or a parent, a VHDX or VDI with a parent', async () => {
    const create = (format: string, name: string, ...options: string[]) =>
      execa('qemu-img', ['create', '-q', '-f', format, ...options, near(name), '3M'], { stdin: 'ignore' });
    await create('qcow2', 'data.qcow2', '-o', `data_file=${near('data.raw')},data_file_raw=on`);
    await isRefused('data.qcow2');
    await create('qcow2', 'over.qcow2', '-b', join(folder, 'secret.txt'), '-F', 'raw');
    await isRefused('over.qcow2');
    await create('vhdx', 'parent.vhdx');
    await openUntrusted(near('parent.vhdx'));
    const vhdx = await readFile(near('parent.vhdx'));
    const entry = vhdx.indexOf(VHDX_PARAMETERS);
    const table = vhdx.lastIndexOf('metadata', entry);
    const flags = table + vhdx.readUInt32LE(entry + 16) + 4;
    vhdx.writeUInt32LE(vhdx.readUInt32LE(flags) | VHDX_HAS_PARENT, flags);
    await writeFile(near('parent.vhdx'), vhdx);
    const damaged = /parent\.vhdx is damaged or not supported/u;
    await assert.rejects(openUntrusted(near('parent.vhdx')), damaged);
    await create('vdi', 'parent.vdi');
    await openUntrusted(near('parent.vdi'));
    await using file = await open(near('parent.vdi'), 'r+');
    await file.write(Buffer.alloc(16, 1), 0, 16, VDI_LINK_AT);
    await assert.rejects(openUntrusted(near('parent.vdi')), /parent\.vdi is damaged or not supported/u);
  });

  test('are refused inside an appliance as well, where a disc image is one more kind of disk', async () => {
    const ova = async (name: string, disk: Buffer) => {
      await writeFile(
        near(name),
        tarArchive([
          { name: 'm.ovf', data: Buffer.from(ovfEnvelope(['disk'])) },
          { name: 'disk', data: disk },
        ]),
      );
      return openAppliance(near(name), signal);
    };
    const hint = vmdkDescriptor({ more: '# parentFileNameHint="../secret.txt"' });
    for (const evil of [
      sparseVmdk(0, vmdkDescriptor(inOutside)),
      sparseVmdk(2048, hint),
      Buffer.from(vmdkDescriptor(inOutside)),
    ])
      await assert.rejects(ova('evil.ova', evil), /disk reads other files/u);
    const disc = Buffer.alloc(64 * 1024);
    disc.write('CD001', 0x80_01);
    const opened = await ova('disc.ova', disc);
    const target = join(folder, 'disc.qcow2');
    await makeDisk(opened.disks[0]?.source ?? assert.fail(), target, { signal });
    const { stdout } = await execa('qemu-img', ['info', '--output=json', target], { stdin: 'ignore' });
    assert.equal((JSON.parse(stdout) as { 'virtual-size': number })['virtual-size'], disc.length);
  });

  test('no image that is empty, or cut off where its header speaks of more', async () => {
    await writeFile(near('empty.qcow2'), '');
    await assert.rejects(openUntrusted(near('empty.qcow2')), {
      message: 'empty.qcow2 is empty',
      code: 'bad-image',
    });
    await execa('qemu-img', ['create', '-q', '-f', 'qcow2', near('whole.qcow2'), '8M']);
    const whole = await readFile(near('whole.qcow2'));
    assert.equal((await openUntrusted(near('whole.qcow2'))).isCutOff, false);
    for (const bytes of [60, 90, 65_536, whole.length - 1]) {
      await writeFile(near('cut.qcow2'), whole.subarray(0, bytes));
      await assert.rejects(openUntrusted(near('cut.qcow2')), {
        message: 'cut.qcow2 is cut off: its end is missing',
        hint: 'Copy or download it again.',
      });
    }
  });
});
