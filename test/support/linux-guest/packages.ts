import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { CannotRunError } from '../../../scripts/lib/cannot-run.ts';

/** The kernel without the drivers of real machines; the package only names the current one. */
const KERNEL_PACKAGE = 'linux-image-cloud-amd64';

/**
 * Downloads Debian packages and unpacks them into `folder`, without installing anything: a kernel would want to
 * be booted from, and nobody has to be root for this.
 * @throws CannotRunError where there is no Debian archive to be had.
 */
export async function unpackGuestPackages(folder: string): Promise<void> {
  const kernel = await currentKernel();
  if (kernel === undefined) throw new CannotRunError(`No package ${KERNEL_PACKAGE} is to be had here`);
  const downloads = join(folder, 'packages');
  await mkdir(downloads, { recursive: true });
  const names = [kernel, 'busybox-static', 'qemu-guest-agent'];
  const options = { cwd: downloads, stdin: 'ignore', all: true, reject: false } as const;
  const { failed, all } = await execa('apt-get', ['-qq', 'download', ...names], options);
  if (failed) throw new CannotRunError(`apt-get download ${names.join(' ')}: ${all}`);
  for (const file of await readdir(downloads)) await execa('dpkg', ['-x', join(downloads, file), folder]);
}

async function currentKernel(): Promise<string | undefined> {
  const args = ['depends', '--important', KERNEL_PACKAGE];
  const { stdout } = await execa('apt-cache', args, { stdin: 'ignore', reject: false });
  return /Depends: (linux-image-\S+)/u.exec(stdout ?? '')?.[1];
}
