import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, open, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { execa } from 'execa';
import {
  type OpenedAppliance,
  openAppliance,
} from '../../../../../src/engines/environment/images/appliance.ts';
import { makeDisk } from '../../../../../src/engines/environment/images/make-disk.ts';
import { readImageHeader } from '../../../../../src/model/disk-image/image-header.ts';
import { ImageStore } from '../../../../../src/engines/environment/images/image-store.ts';

const BYTES = 3 * 1024 * 1024 + 512;

suite('Machines of other programs', () => {
  let folder: string;
  let raw: string;
  const signal = AbortSignal.timeout(180_000);
  const near = (...names: string[]) => join(folder, ...names);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-appliance-'));
    raw = near('disk.raw');
    const content = Buffer.alloc(BYTES);
    content.fill('what is on it ', 70_000, 900_000);
    content[BYTES - 1] = 1;
    await writeFile(raw, content);
    const convert = (format: string, to: string, ...options: string[]) =>
      execa('qemu-img', ['convert', '-O', format, ...options, raw, near(to)], { stdin: 'ignore' });
    await convert('vmdk', 'stream.vmdk', '-o', 'subformat=streamOptimized');
    await convert('vmdk', 'flat.vmdk', '-o', 'subformat=monolithicFlat');
    await convert('vhdx', 'disk.vhdx');
  });
  after(async () => rm(folder, { recursive: true, force: true }));

  const envelope = (files: readonly string[], more = '') => `<?xml version="1.0"?>
<ovf:Envelope xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData" xmlns:vmw="http://www.vmware.com/schema/ovf">
  <ovf:References>${files.map((file, index) => `<ovf:File ovf:id="f${index}" ovf:href="${file}"/>`).join('')}</ovf:References>
  <ovf:DiskSection>${files.map((_, index) => `<ovf:Disk ovf:diskId="d${index}" ovf:fileRef="f${index}" ovf:capacity="1"/>`).join('')}</ovf:DiskSection>
  <ovf:VirtualSystem ovf:id="Old Machine">
    <ovf:VirtualHardwareSection>
      ${item(1, 3, '<rasd:VirtualQuantity>2</rasd:VirtualQuantity>')}
      ${item(2, 4, '<rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits><rasd:VirtualQuantity>768</rasd:VirtualQuantity>')}
      ${item(3, 6, '<rasd:ResourceSubType>lsilogic</rasd:ResourceSubType>')}
      ${item(4, 10, '<rasd:ResourceSubType>VmxNet3</rasd:ResourceSubType>')}
      ${files.map((_, index) => item(10 + index, 17, `<rasd:HostResource>ovf:/disk/d${index}</rasd:HostResource><rasd:Parent>3</rasd:Parent>`)).join('')}
      <vmw:Config vmw:key="firmware" vmw:value="efi"/>
    </ovf:VirtualHardwareSection>${more}
  </ovf:VirtualSystem>
</ovf:Envelope>`;
  const item = (id: number, type: number, rest: string) =>
    `<ovf:Item><rasd:InstanceID>${id}</rasd:InstanceID><rasd:ResourceType>${type}</rasd:ResourceType>${rest}</ovf:Item>`;

  async function ova(name: string, ovf: string, files: readonly string[], mf?: string): Promise<string> {
    const work = near(`${name}.d`);
    await mkdir(work);
    await writeFile(join(work, 'm.ovf'), ovf);
    for (const file of files) await cp(near(file), join(work, file));
    const all = ['m.ovf', ...files];
    if (mf !== undefined) {
      await writeFile(join(work, 'm.mf'), mf);
      all.push('m.mf');
    }
    await execa('tar', ['-cf', near(name), '--format=ustar', '-C', work, ...all]);
    return near(name);
  }

  async function contents(appliance: OpenedAppliance, index: number): Promise<Buffer> {
    const [to, back] = [near('converted.qcow2'), near('back.raw')];
    const source = appliance.disks[index]?.source;
    assert.ok(source);
    const told: number[] = [];
    await makeDisk(source, to, { signal, onProgress: (fraction) => void told.push(fraction) });
    assert.equal(told.at(-1), 1);
    await execa('qemu-img', ['convert', '-O', 'raw', to, back]);
    return (await readFile(back)).subarray(0, BYTES);
  }

  test('an OVA is read where it is, and its disks converted, VMDK and VHDX', async () => {
    const files = ['stream.vmdk', 'disk.vhdx'];
    const path = await ova('two.ova', envelope(files), files);
    const appliance = await openAppliance(path);
    const { disks, ...rest } = appliance;
    assert.deepEqual(
      { ...rest, verify: undefined, disks: disks.map(({ file, bus }) => [file, bus]) },
      {
        name: 'Old Machine',
        cpus: 2,
        memoryKiB: 768 * 1024,
        memoryText: '768 byte * 2^20',
        configurations: [],
        configuration: undefined,
        firmware: 'uefi',
        cards: ['vmxnet3'],
        disks: [
          ['stream.vmdk', 'scsi'],
          ['disk.vhdx', 'scsi'],
        ],
        verify: undefined,
      },
    );
    const expected = await readFile(raw);
    assert.deepEqual(await contents(appliance, 0), expected);
    assert.deepEqual(await contents(appliance, 1), expected);
    await assert.rejects(
      makeDisk(disks[0]?.source ?? assert.fail(), near('x'), { signal: AbortSignal.abort() }),
      {
        name: 'AbortError',
      },
    );
  });

  test('a manifest is held against what is there', async () => {
    const files = ['stream.vmdk'];
    const digest = createHash('sha256')
      .update(await readFile(near('stream.vmdk')))
      .digest('hex');
    const good = await openAppliance(
      await ova('good.ova', envelope(files), files, `SHA256(stream.vmdk)= ${digest}\n`),
    );
    assert.deepEqual(await good.verify(signal), []);
    const wrong = `SHA256 (stream.vmdk) = ${'0'.repeat(64)}\n`;
    const bad = await openAppliance(await ova('bad.ova', envelope(files), files, wrong));
    await assert.rejects(bad.verify(signal), /stream\.vmdk is damaged/u);
  });

  test('a manifest may name itself and what is not there, and have lines that nobody knows', async () => {
    const files = ['stream.vmdk'];
    const digest = createHash('sha512')
      .update(await readFile(near('stream.vmdk')))
      .digest('hex');
    const lines = [
      `SHA256 (m.mf) = ${createHash('sha256').digest('hex')}`,
      `SHA1(gone.vmdk)= ${'0'.repeat(40)}`,
      'WHIRLPOOL(stream.vmdk)= 1234',
      `${digest} *stream.vmdk`,
      '',
    ];
    const odd = await openAppliance(await ova('odd.ova', envelope(files), files, lines.join('\r\n')));
    assert.deepEqual(await odd.verify(signal), [
      'A line of the manifest is not understood, and nothing was compared with it: “WHIRLPOOL(stream.vmdk)= 1234”.',
      'The manifest names gone.vmdk, which the appliance does not have.',
    ]);
    const wrong = await openAppliance(
      await ova(
        'odd-wrong.ova',
        envelope(files),
        files,
        lines.join('\n').replace(digest.slice(0, 4), 'ffff'),
      ),
    );
    await assert.rejects(wrong.verify(signal), { name: 'ImageError', hint: /If you changed that file/u });
  });

  test('names that lead elsewhere lead nowhere', async () => {
    await writeFile(near('secret'), 'secret');
    const refused = async (ovf: string, files: readonly string[], reason: RegExp) =>
      assert.rejects(openAppliance(await ova(`refused-${refusedCount++}.ova`, ovf, files)), reason);
    let refusedCount = 0;
    await refused(envelope(['../secret']), [], /Disk \.\.\/secret of the appliance is missing/u);
    await refused(envelope([raw]), [], /is missing/u);
    // A descriptor that names files, an image that has another behind it, bytes that say nothing.
    await refused(envelope(['flat.vmdk']), ['flat.vmdk'], /flat\.vmdk reads other files/u);
    await execa('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', raw, '-F', 'raw', near('behind.vmdk')]);
    await refused(envelope(['behind.vmdk']), ['behind.vmdk'], /behind\.vmdk reads other files/u);
    await refused(envelope(['secret']), ['secret'], /secret is in a format that is not known: convert it/u);
    await refused('<Envelope/>', [], /describes no machine/u);
    await refused('no xml', [], /describes no machine/u);
    await refused(envelope([]), [], /has no disk/u);
    // Beside an OVF, a link is no disk.
    await writeFile(near('link.ovf'), envelope(['linked.vmdk']));
    await symlink(near('stream.vmdk'), near('linked.vmdk'));
    await assert.rejects(openAppliance(near('link.ovf')), /Disk linked\.vmdk of the appliance is missing/u);
    await writeFile(near('plain.ovf'), envelope(['flat.vmdk']));
    assert.deepEqual(await contents(await openAppliance(near('plain.ovf')), 0), await readFile(raw));
  });

  test('an archive that lies about itself is refused', async () => {
    const path = await ova('cut.ova', envelope(['stream.vmdk']), ['stream.vmdk']);
    const file = await open(path, 'r+');
    await file.truncate(4096);
    await file.close();
    await assert.rejects(openAppliance(path), /is cut off/u);
    await writeFile(near('none.ova'), Buffer.alloc(4096, 'x'));
    await assert.rejects(openAppliance(near('none.ova')), /not a tar archive/u);
  });

  test('a VMDK may only refer to files beside it', async () => {
    assert.deepEqual(await readImageHeader(near('stream.vmdk')), {
      format: 'vmdk',
      virtualBytes: BYTES,
      refersToFiles: false,
    });
    assert.equal((await readImageHeader(near('flat.vmdk'))).refersToFiles, false);
    const text = await readFile(near('flat.vmdk'), 'utf8');
    const header = async (change: (text: string) => string) => {
      await writeFile(near('changed.vmdk'), change(text));
      return (await readImageHeader(near('changed.vmdk'))).refersToFiles;
    };
    assert.equal(await header((old) => old.replace('flat-flat.vmdk', '/etc/shadow')), true);
    assert.equal(await header((old) => old.replace('flat-flat.vmdk', '../secret')), true);
    assert.equal(await header((old) => old.replace('flat-flat.vmdk', 'linked.vmdk')), true);
    assert.equal(await header((old) => old.replace('parentCID=ffffffff', 'parentCID=12345678')), true);
    assert.equal(await header((old) => `${old}parentFileNameHint="/etc/shadow"\n`), true);
    const stored = await new ImageStore(near('store')).ensure(
      { kind: 'file', path: near('flat.vmdk'), format: 'vmdk' },
      { signal },
    );
    assert.equal(stored.format, 'qcow2');
    await assert.rejects(
      new ImageStore(near('store')).ensure(
        { kind: 'file', path: near('changed.vmdk'), format: 'vmdk' },
        { signal },
      ),
      /reads other files of the host/u,
    );
  });
});
