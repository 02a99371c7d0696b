import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import {
  type OpenedAppliance,
  openAppliance,
} from '../../../../../src/engines/environment/images/appliance.ts';
import { makeDisk } from '../../../../../src/engines/environment/images/make-disk.ts';
import { paxRecord, tarArchive, type TarMember } from '../../../../support/hand-made-images.ts';

/** A header with more about the file that follows. */
function pax(words: Readonly<Record<string, string>>): TarMember {
  const records = Object.entries(words).map(([key, value]) => paxRecord(key, value));
  return { name: 'pax', type: 'x', data: Buffer.concat(records) };
}

function bigEndian(text: string): Buffer {
  return Buffer.from(`\u{FEFF}${text}`, 'utf16le').swap16();
}

const BYTES = 3 * 1024 * 1024 + 512;

suite('Appliances as people have them', () => {
  let folder: string;
  let raw: string;
  const signal = AbortSignal.timeout(180_000);
  const convert = (to: string, ...options: string[]) =>
    execa('qemu-img', ['convert', ...options, raw, near(to)], { stdin: 'ignore' });
  const near = (...names: string[]) => join(folder, ...names);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kvm-appliance-forms-'));
    raw = near('disk.raw');
    const content = Buffer.alloc(BYTES);
    content.fill('what is on it ', 70_000, 900_000);
    content[BYTES - 1] = 1;
    await writeFile(raw, content);
    await convert('stream.vmdk', '-O', 'vmdk', '-o', 'subformat=streamOptimized');
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

  test('disks in all the formats that appliances have, compressed ones as well', async () => {
    await convert('disk.qcow2', '-O', 'qcow2');
    await convert('fixed.vhd', '-O', 'vpc', '-o', 'subformat=fixed,force_size=on');
    await convert('dynamic.vhd', '-O', 'vpc', '-o', 'subformat=dynamic,force_size=on');
    await convert('disk.vdi', '-O', 'vdi');
    await cp(raw, near('disk.img'));
    for (const file of ['disk.img', 'stream.vmdk', 'disk.qcow2'])
      await writeFile(near(`${file}.gz`), gzipSync(await readFile(near(file))));
    const files = [
      'disk.qcow2',
      'fixed.vhd',
      'dynamic.vhd',
      'disk.vdi',
      'disk.img',
      'disk.raw',
      'disk.img.gz',
      'stream.vmdk.gz',
      'disk.qcow2.gz',
    ];
    const appliance = await openAppliance(await ova('formats.ova', envelope(files), files));
    const expected = await readFile(raw);
    for (const [index, file] of files.entries()) {
      const found = await contents(appliance, index);
      assert.ok(found.equals(expected), file);
    }
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.endsWith('.part')),
      [],
      'nothing is left of what was decompressed',
    );
  });

  test('a disk that cannot be read says what to do', async () => {
    const refused = async (file: string, content: Buffer, reason: RegExp) => {
      await writeFile(near(file), content);
      const path = await ova(`${file}.ova`, envelope([file]), [file]);
      await assert.rejects(
        async () => {
          const { source } = (await openAppliance(path)).disks[0] ?? {};
          await makeDisk(source ?? assert.fail(), near('never.qcow2'), { signal });
        },
        reason,
        file,
      );
    };
    const xz = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2]);
    await refused('disk.img.xz', xz, /is compressed, and not with gzip: decompress it/u);
    const whole = gzipSync(await readFile(raw));
    await refused('cut.img.gz', whole.subarray(0, 300), /cut\.img\.gz could not be decompressed/u);
    await refused('twice.img.gz', gzipSync(whole), /is compressed twice/u);
    await refused('lie.dat.gz', gzipSync(Buffer.from('a secret')), /convert it with “qemu-img convert/u);
    const parent = Buffer.alloc(2048);
    parent.write('conectix');
    parent.writeUInt32BE(4, 60);
    await refused('child.vhd', parent, /child\.vhd reads other files/u);
  });

  test('members are found by what their names mean', async () => {
    const long = `${'long-'.repeat(30)}.vmdk`;
    const disk = await readFile(near('stream.vmdk'));
    const description = (href: string, encode: (text: string) => Buffer = (text) => Buffer.from(text)) => ({
      name: 'm.ovf',
      data: encode(envelope([href])),
    });
    const longName = { name: '././@LongLink', type: 'L', data: Buffer.from(`${long}\0`) };
    const archives: readonly (readonly [string, readonly TarMember[]])[] = [
      ['GNU long name', [description(long), longName, { name: long.slice(0, 100), data: disk }]],
      ['pax name', [description(long), pax({ path: long }), { name: 'short', data: disk }]],
      ['percent', [description('a%20b%20%C3%BC.vmdk'), { name: 'a b ü.vmdk', data: disk }]],
      ['decomposed', [description('ü.vmdk'), { name: 'u\u0308.vmdk', data: disk }]],
      ['not encoded', [description('100%.vmdk'), { name: '100%.vmdk', data: disk }]],
      [
        'folders',
        [
          { name: './app/', type: '5' },
          { ...description('disks/a.vmdk'), name: './app/m.ovf' },
          { name: './app/disks/a.vmdk', data: disk },
        ],
      ],
      ['backslash', [description(String.raw`disks\a.vmdk`), { name: 'disks/a.vmdk', data: disk }]],
      [
        'upper case',
        [
          { ...description('Disk.vmdk'), name: 'M.OVF' },
          { name: 'DISK.VMDK', data: disk },
        ],
      ],
      [
        'macOS',
        [
          { name: '._m.ovf', data: Buffer.from('Mac OS X') },
          { name: '__MACOSX/m.ovf', data: Buffer.from('Mac OS X') },
          description('a.vmdk'),
          { name: 'a.vmdk', data: disk },
        ],
      ],
      [
        'UTF-8 mark',
        [description('a.vmdk', (text) => Buffer.from(`\u{FEFF}${text}`)), { name: 'a.vmdk', data: disk }],
      ],
      [
        'UTF-16',
        [
          description('a.vmdk', (text) => Buffer.from(`\u{FEFF}${text}`, 'utf16le')),
          { name: 'a.vmdk', data: disk },
        ],
      ],
      ['UTF-16, other order', [description('a.vmdk', bigEndian), { name: 'a.vmdk', data: disk }]],
    ];
    for (const [name, members] of archives) {
      await writeFile(near('odd-names.ova'), tarArchive(members));
      const { disks } = await openAppliance(near('odd-names.ova'));
      assert.equal(disks[0]?.source?.format, 'vmdk', name);
    }
  });

  test('an archive that has to be unpacked first says so', async () => {
    const whole = tarArchive([{ name: 'm.ovf', data: Buffer.from(envelope(['a.vmdk'])) }]);
    await writeFile(near('packed.ova'), gzipSync(whole));
    await assert.rejects(openAppliance(near('packed.ova')), /The archive is compressed: decompress it/u);
    const hole = tarArchive([
      { name: 'm.ovf', data: Buffer.from(envelope(['a.vmdk'])) },
      { name: 'a.vmdk', type: 'S' },
    ]);
    await writeFile(near('hole.ova'), hole);
    await assert.rejects(openAppliance(near('hole.ova')), /a\.vmdk is stored with holes/u);
  });

  test('beside an OVF, disks may lie in folders, and never above it', async () => {
    await mkdir(near('beside', 'disks'), { recursive: true });
    await cp(near('stream.vmdk'), near('beside', 'disks', 'A b.vmdk'));
    const open = async (href: string) => {
      await writeFile(near('beside', 'm.ovf'), envelope([href]));
      return openAppliance(near('beside', 'm.ovf'));
    };
    for (const href of ['disks/A b.vmdk', './disks/a%20b.vmdk', String.raw`disks\A b.vmdk`])
      assert.equal((await open(href)).disks[0]?.source?.format, 'vmdk', href);
    await symlink(near('stream.vmdk'), near('beside', 'disks', 'link.vmdk'));
    await symlink(folder, near('beside', 'away'));
    for (const href of [
      '../stream.vmdk',
      '%2e%2e/stream.vmdk',
      near('stream.vmdk'),
      'disks/link.vmdk',
      'away/stream.vmdk',
    ])
      await assert.rejects(open(href), /of the appliance is missing/u, href);
  });

  test('a configuration is taken as chosen, with the disk that only it has', async () => {
    const sized = (id: string, megabytes: number) =>
      `<ovf:Item ovf:configuration="${id}"><rasd:InstanceID>2</rasd:InstanceID><rasd:ResourceType>4</rasd:ResourceType><rasd:AllocationUnits>MegaBytes</rasd:AllocationUnits><rasd:VirtualQuantity>${megabytes}</rasd:VirtualQuantity></ovf:Item>`;
    const extra =
      '<ovf:Item ovf:configuration="large huge"><rasd:InstanceID>20</rasd:InstanceID><rasd:ResourceType>17</rasd:ResourceType><rasd:HostResource>/disk/home</rasd:HostResource><rasd:Parent>3</rasd:Parent></ovf:Item>';
    const ovf = envelope(['stream.vmdk'])
      .replace(
        '<ovf:DiskSection>',
        '<ovf:DiskSection><ovf:Disk ovf:diskId="home" ovf:capacity="5" ovf:capacityAllocationUnits="byte * 2^30"/>',
      )
      .replace(
        '<ovf:VirtualSystem ',
        '<ovf:DeploymentOptionSection><ovf:Configuration ovf:id="large"><ovf:Label>Large</ovf:Label></ovf:Configuration><ovf:Configuration ovf:id="small" ovf:default="true"/></ovf:DeploymentOptionSection><ovf:VirtualSystem ',
      )
      .replace(
        '</ovf:VirtualHardwareSection>',
        `${sized('small', 512)}${sized('large', 4096)}${extra}</ovf:VirtualHardwareSection>`,
      );
    const path = await ova('sizes.ova', ovf, ['stream.vmdk']);
    const small = await openAppliance(path);
    assert.deepEqual([small.configuration, small.memoryKiB, small.disks.length], ['small', 512 * 1024, 1]);
    assert.deepEqual(
      small.configurations.map(({ id, label }) => `${id}: ${label}`),
      ['small: small', 'large: Large'],
    );
    const large = await openAppliance(path, signal, 'large');
    assert.deepEqual([large.configuration, large.memoryKiB], ['large', 4096 * 1024]);
    assert.deepEqual(
      large.disks.map(({ file, bytes, source }) => [file, bytes, source?.format]),
      [
        ['stream.vmdk', 1, 'vmdk'],
        [undefined, 5 * 1024 ** 3, undefined],
      ],
    );
  });
});
