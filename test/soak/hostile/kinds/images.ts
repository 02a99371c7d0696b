import assert from 'node:assert/strict';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOvf } from '../../../../src/engines/environment/images/ovf.ts';
import { readTarEntries } from '../../../../src/engines/environment/images/tar-entries.ts';
import { readImageHeader } from '../../../../src/model/disk-image/image-header.ts';
import { ovfEnvelope, sparseVmdk, tarArchive, vmdkDescriptor } from '../../../support/hand-made-images.ts';
import { fuzzAppliance, fuzzVmdk } from '../../fuzz/images.ts';
import type { Random } from '../../fuzz/random.ts';
import { type Desk, type Kind, kindOf } from '../kind.ts';
import { damaged, hostileText } from '../text.ts';

const NUMBERS = [0n, 1n, 512n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

/** Beginnings of images, in which some numbers lie. */
function header(random: Random): Buffer {
  const image = random.pick<() => Buffer>([
    qcow2,
    vhdx,
    vhd,
    vdi,
    iso,
    () => sparseVmdk(2048, vmdkDescriptor({})),
  ])();
  for (let count = random.below(6); count > 0; count -= 1)
    random.pick([
      () => (image[random.below(Math.min(image.length, 600))] = random.uint() & 0xff),
      () => image.writeBigUInt64BE(random.pick(NUMBERS), random.below(20) * 4),
      () => image.writeBigUInt64LE(random.pick(NUMBERS), random.below(20) * 4),
    ])();
  return random.chance(0.2) ? image.subarray(0, random.below(image.length)) : image;
}

function qcow2(): Buffer {
  const image = Buffer.alloc(1024);
  image.write('QFI\u00fb', 'latin1');
  image.writeUInt32BE(3, 4);
  image.writeUInt32BE(16, 20);
  image.writeBigUInt64BE(1024n * 1024n, 24);
  image.writeUInt32BE(104, 100);
  return image;
}

function vhdx(): Buffer {
  const image = Buffer.alloc(2048);
  image.write('vhdxfile');
  return image;
}

function vhd(): Buffer {
  const image = Buffer.alloc(1024);
  image.write('conectix');
  return image;
}

function vdi(): Buffer {
  const image = Buffer.alloc(1024);
  image.writeUInt32LE(0xbe_da_10_7f, 64);
  return image;
}

function iso(): Buffer {
  const image = Buffer.alloc(34_000);
  image.write('CD001', 0x80_01);
  return image;
}

async function lookAtHeader(image: Buffer, _: Random, { folder }: Desk): Promise<void> {
  const path = join(folder, 'image');
  await writeFile(path, image);
  for (const part of [undefined, { offset: 0, size: image.length }, { offset: 100, size: 50 }]) {
    const { format, virtualBytes } = await readImageHeader(path, part);
    assert.match(format, /^[a-z0-9]+$/u);
    assert.ok(virtualBytes === undefined || (virtualBytes >= 0 && Number.isFinite(virtualBytes)));
  }
}

function archive(random: Random): Buffer {
  const names = ['m.ovf', '../../x', 'a.vmdk', '/etc/passwd', hostileText(random, 3)];
  const members = Array.from({ length: random.below(5) }, () => ({
    name: random.pick(names).slice(0, 90),
    data: Buffer.from(hostileText(random, 6)),
    type: random.pick(['0', '5', 'x', 'g', 'L', '2', '\0']),
    ...(random.chance(0.3)
      ? {
          size: random.pick([
            '-1',
            '77777777777\0',
            'x',
            Buffer.alloc(12, 0xff),
            `${random.below(10_000)}\0`,
          ]),
        }
      : {}),
  }));
  const bytes = tarArchive(members);
  for (let count = random.below(3); count > 0; count -= 1)
    bytes[random.below(bytes.length)] = random.uint() & 0xff;
  return random.chance(0.2) ? bytes.subarray(0, random.below(bytes.length)) : bytes;
}

async function lookAtArchive(bytes: Buffer, _: Random, { folder }: Desk): Promise<void> {
  const path = join(folder, 'archive');
  await writeFile(path, bytes);
  await using file = await open(path, 'r');
  try {
    for (const { offset, size } of await readTarEntries(file))
      assert.ok(
        offset >= 512 && size >= 0 && offset + size <= bytes.length,
        'each member is within the file',
      );
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
}

/** What is told of a bad one is a sentence, or what the parser of XML says, which is told likewise. */
function lookAtOvf(text: string): void {
  let appliance;
  try {
    appliance = readOvf(text);
  } catch (error) {
    assert.ok(
      error instanceof Error && !(error instanceof TypeError || error instanceof RangeError),
      String(error),
    );
    return;
  }
  assert.ok(Number.isFinite(appliance.cpus) && Number.isFinite(appliance.memoryKiB));
}

/** Those that QEMU looks at as well; the input is their seed. */
function seenByQemu(name: string, share: number, fuzz: (random: Random) => Promise<number>): Kind {
  return {
    name,
    share,
    async attempt(random) {
      await fuzz(random);
    },
  };
}

export const images: readonly Kind[] = [
  kindOf('headers of images', 10_000, header, lookAtHeader),
  kindOf('archives', 8000, archive, lookAtArchive),
  kindOf('descriptions of appliances', 5000, (random) => damaged(ovfEnvelope(['a', 'b']), random), lookAtOvf),
  seenByQemu('VMDKs that QEMU opens', 250, fuzzVmdk),
  seenByQemu('appliances that QEMU opens', 250, fuzzAppliance),
];
