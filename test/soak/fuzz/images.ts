import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { openAppliance } from '../../../src/engines/environment/images/appliance.ts';
import { convertImage } from '../../../src/engines/environment/images/convert.ts';
import { ImageError } from '../../../src/model/disk-image/image-error.ts';
import type { QemuImage } from '../../../src/model/disk-image/qemu-img.ts';
import { openUntrusted } from '../../../src/model/disk-image/self-contained.ts';
import {
  ovfEnvelope,
  paxRecord,
  sparseVmdk,
  type TarMember,
  tarMember,
  vmdkDescriptor,
} from '../../support/hand-made-images.ts';
import { DifferenceError, within } from '../support/hosts.ts';
import type { Random } from './random.ts';

/** What stands in each file that no image may reach. */
const SECRET = 'a secret of the host';
const SECTORS = 2048;
const CASE_MS = 20_000;

/** A folder with an appliance's files, and beside it what is none of an appliance's business. */
class Sandbox implements AsyncDisposable {
  readonly folder: string;
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
    this.folder = join(root, 'appliance');
  }

  static async open(): Promise<Sandbox> {
    const root = await mkdtemp(join(tmpdir(), 'kvm-soak-images-'));
    const sandbox = new Sandbox(root);
    await mkdir(sandbox.folder);
    await writeFile(join(root, 'secret'), SECRET.repeat(100));
    await writeFile(join(root, 'secret.vmdk'), sparseVmdk(SECTORS, vmdkDescriptor({})));
    await writeFile(join(sandbox.folder, 'plain'), Buffer.alloc(512));
    await symlink(join(root, 'secret'), join(sandbox.folder, 'link'));
    await symlink(root, join(sandbox.folder, 'up'));
    return sandbox;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Names of files inside and outside. */
  nameOfFile(random: Random): string {
    return random.pick([
      'plain',
      'a.vmdk',
      'b.vmdk',
      'link',
      '../secret',
      '../secret.vmdk',
      'up/secret',
      join(this.#root, 'secret'),
      './../secret',
      'nbd://127.0.0.1:1/x',
      `json:{"driver":"file","filename":"${join(this.#root, 'secret')}"}`,
      'file:../secret',
      '.',
      '',
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }
}

/** Text that nearly is what it should be: with a byte more or less, or another one. */
function nearly(text: string, random: Random): string {
  if (random.chance(0.6)) return text;
  const at = random.below(text.length);
  const piece = random.pick([
    '',
    '\0',
    '\n',
    '\r',
    '\t',
    '"',
    '=',
    '#',
    ' ',
    '\v',
    String.fromCodePoint(random.below(256)),
  ]);
  return text.slice(0, at) + piece + text.slice(at + random.below(2));
}

function descriptor(sandbox: Sandbox, random: Random): string {
  const space = () => random.pick([' ', '\t', '\n', '\r', '  ', '\f']);
  const extents = Array.from({ length: random.below(4) }, () => {
    const kind = random.pick(['FLAT', 'SPARSE', 'VMFS', 'VMFSSPARSE', 'SESPARSE', 'ZERO']);
    const words = [
      random.pick(['RW', 'RW', 'RDONLY', 'NOACCESS']),
      random.pick(['1', '2', '2048', '-1']),
      kind,
    ];
    return `${words.join(space())}${space()}"${sandbox.nameOfFile(random)}"${random.pick(['', ' 0', ' 1'])}`;
  });
  const hint = `${random.pick(['', '#', 'x'])}parentFileNameHint${random.pick(['=', ' = '])}"${sandbox.nameOfFile(random)}"`;
  const text = vmdkDescriptor({
    createType: random.pick([
      'monolithicSparse',
      'monolithicFlat',
      'twoGbMaxExtentSparse',
      'twoGbMaxExtentFlat',
      'streamOptimized',
      'vmfs',
    ]),
    parentCID: random.pick(['ffffffff', 'ffffffff', '00000001', 'FFFFFFFF']),
    extents,
    more: random.chance(0.3) ? `${' '.repeat(random.pick([0, 300, 9000]))}${hint}` : '',
  });
  return nearly(text, random);
}

function vmdk(sandbox: Sandbox, random: Random): Buffer {
  const text = descriptor(sandbox, random);
  if (random.chance(0.4)) return Buffer.from(text, 'latin1');
  const image = sparseVmdk(random.pick([0, 0, 1, SECTORS]), text.slice(0, 10_000), random.pick([0, 1, 20]));
  if (random.chance(0.3))
    for (let count = random.below(3); count >= 0; count -= 1) image[random.below(100)] = random.uint() & 0xff;
  return image;
}

/** @throws DifferenceError when the image was let through and has the secret in it */
async function holdsNoSecret(source: QemuImage, sandbox: Sandbox, signal: AbortSignal): Promise<void> {
  const target = sandbox.path('converted.qcow2');
  const back = sandbox.path('back.raw');
  try {
    await convertImage(source, target, { signal });
    await execa('qemu-img', ['convert', '-O', 'raw', target, back], { stdin: 'ignore' });
    if ((await readFile(back)).includes(SECRET))
      throw new DifferenceError('An image got at a secret of the host');
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
  } finally {
    await Promise.all([target, back].map((path) => rm(path, { force: true })));
  }
}

/** @throws DifferenceError when something that was begun was left */
async function leavesNothing(sandbox: Sandbox): Promise<void> {
  const left = (await readdir(sandbox.folder)).filter((name) => /part$|converted|back/u.test(name));
  if (left.length > 0) throw new DifferenceError(`There is ${left.join(', ')} left`);
}

/** Images that name files which are none of their business. Returns how many there were. */
export async function fuzzVmdk(random: Random): Promise<number> {
  await using sandbox = await Sandbox.open();
  await writeFile(sandbox.path('b.vmdk'), vmdk(sandbox, random));
  await writeFile(sandbox.path('a.vmdk'), vmdk(sandbox, random));
  const signal = AbortSignal.timeout(CASE_MS);
  const work = async () => {
    try {
      const { format } = await openUntrusted(sandbox.path('a.vmdk'), { signal });
      if (format === 'vmdk') await holdsNoSecret({ path: sandbox.path('a.vmdk'), format }, sandbox, signal);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
    }
  };
  await within(work(), 'an image was looked at', CASE_MS);
  await leavesNothing(sandbox);
  return 1;
}

/** Archives whose headers and descriptions lie. Returns how many there were. */
export async function fuzzAppliance(random: Random): Promise<number> {
  await using sandbox = await Sandbox.open();
  const path = sandbox.path('a.ova');
  await writeFile(path, archive(sandbox, random));
  const signal = AbortSignal.timeout(CASE_MS);
  const work = async () => {
    try {
      const { disks } = await openAppliance(path, signal);
      for (const { source } of disks)
        if (source !== undefined && source.format !== 'gzip') await holdsNoSecret(source, sandbox, signal);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
    }
  };
  await within(work(), 'an appliance was looked at', CASE_MS);
  await leavesNothing(sandbox);
  return 1;
}

function archive(sandbox: Sandbox, random: Random): Buffer {
  const files = Array.from({ length: random.below(3) + 1 }, (_, index) => `disk${index}`);
  const named = files.map((file) =>
    random.chance(0.1) ? sandbox.nameOfFile(random).replaceAll(/[<"&]/gu, '') : file,
  );
  const ovf = nearly(nearly(ovfEnvelope(named), random), random);
  const members: TarMember[] = [
    { name: random.pick(['m.ovf', './m.ovf', 'x/m.ovf']), data: Buffer.from(ovf) },
    ...files.map((name): TarMember => ({ name, data: diskOf(sandbox, random) })),
  ];
  const bytes = Buffer.concat([...members.flatMap((member) => lying(member, random)), Buffer.alloc(1024)]);
  return random.chance(0.1) ? bytes.subarray(0, random.below(bytes.length)) : bytes;
}

function diskOf(sandbox: Sandbox, random: Random): Buffer {
  if (random.chance(0.8)) return vmdk(sandbox, random);
  const disc = Buffer.alloc(40_000);
  disc.write('CD001', 0x80_01);
  return random.pick([
    disc,
    random.bytes(2000),
    Buffer.from('vhdxfile'),
    Buffer.from('QFI\u00fb\0\0\0\u0003', 'latin1'),
  ]);
}

const SIZES = [
  '-0000001000\0',
  '-1',
  '77777777777\0',
  '00000000000\0',
  'x',
  Buffer.alloc(12, 0xff),
  Buffer.from('80000000ffffffffffffffff', 'hex'),
];

/** Mostly as it is; sometimes with a size that is none, or behind pax headers that say another. */
function lying(member: TarMember, random: Random): readonly Buffer[] {
  if (random.chance(0.8)) return [tarMember(member)];
  if (random.chance(0.5))
    return [tarMember({ ...member, size: random.pick(SIZES), type: random.pick(['0', '5', 'g']) })];
  const record = paxRecord(
    random.pick(['size', 'path']),
    random.pick(['-512', '1e9', '0', '99999999999999999999', 'm.ovf', '../../x']),
  );
  return [tarMember({ name: 'pax', type: 'x', data: record }), tarMember(member)];
}
