import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { ovfEnvelope, tarArchive } from '../../support/hand-made-images.ts';

const MIB = 1024 * 1024;
const IMAGE_BYTES = 6 * MIB;

/** For an ssh that is a guest of its own: it runs here what it is told to run there. */
const SSH = `#!/bin/sh
if [ "$1" = -G ]; then PATH=\${PATH#*:}; exec ssh "$@"; fi
for script; do :; done
exec sh -c "$script"
`;

/** An image in some forms, an appliance with two of them, and an ssh. Returns the digest of what is on the image. */
export async function makeSources(folder: string): Promise<string> {
  const near = (name: string) => join(folder, name);
  const data = randomBytes(IMAGE_BYTES);
  await writeFile(near('disk.raw'), data);
  const convert = (to: string, ...options: readonly string[]) =>
    execa('qemu-img', ['convert', '-O', 'vmdk', ...options, near('disk.raw'), near(to)], { stdin: 'ignore' });
  await convert('disk.vmdk');
  await convert('stream.vmdk', '-o', 'subformat=streamOptimized');
  const disk = await readFile(near('stream.vmdk'));
  const sum = createHash('sha256').update(disk).digest('hex');
  const names = ['a.vmdk', 'b.vmdk'];
  const members = [
    { name: 'm.ovf', data: Buffer.from(ovfEnvelope(names)) },
    { name: 'm.mf', data: Buffer.from(names.map((name) => `SHA256(${name})= ${sum}\n`).join('')) },
    ...names.map((name) => ({ name, data: disk })),
  ];
  await writeFile(near('machine.ova'), tarArchive(members));
  await mkdir(near('bin'));
  await writeFile(near('bin/ssh'), SSH);
  await chmod(near('bin/ssh'), 0o755);
  return createHash('sha256').update(data).digest('hex');
}
