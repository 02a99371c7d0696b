import { globSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { CannotRunError } from '../cannot-run.ts';
import { userCache } from '../paths.ts';

const PACKAGE = 'linux-image-cloud-amd64-dbg';

export interface DebugKernel {
  readonly vmlinuz: string;
  /** With all line and type information: some 600 MB. */
  readonly vmlinux: string;
}

/** Debian's kernel for clouds with its symbols, 300 MB to download. Made once for each user and version. */
export async function debugKernel(): Promise<DebugKernel> {
  const name = await currentPackage();
  const folder = join(userCache, name);
  const found = filesIn(folder);
  if (found !== undefined) return found;
  await mkdir(userCache, { recursive: true });
  const work = await mkdtemp(join(userCache, 'kernel-'));
  try {
    const options = { cwd: work, stdin: 'ignore', all: true } as const;
    await execa('apt-get', ['-qq', 'download', name, name.replace(/-dbg$/, '')], options);
    const result = join(work, 'result');
    await mkdir(result);
    for (const file of (await readdir(work)).filter((each) => each.endsWith('.deb')))
      await unpack(join(work, file), result);
    await rename(result, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const made = filesIn(folder);
  if (made === undefined) throw new Error(`The packages of ${name} have no kernel`);
  return made;
}

/** Only what is in folders named boot: the modules would be more than everything else. */
async function unpack(deb: string, folder: string): Promise<void> {
  const only = ['--wildcards', '--no-anchored', 'boot/vmlinu*'];
  await execa('dpkg', ['--fsys-tarfile', deb]).pipe('tar', ['-x', '-C', folder, ...only]);
}

function filesIn(folder: string): DebugKernel | undefined {
  const [vmlinuz] = globSync(join(folder, 'boot/vmlinuz-*'));
  const [vmlinux] = globSync(join(folder, 'usr/lib/debug/boot/vmlinux-*'));
  return vmlinuz === undefined || vmlinux === undefined ? undefined : { vmlinuz, vmlinux };
}

async function currentPackage(): Promise<string> {
  const args = ['depends', '--important', PACKAGE];
  const { stdout } = await execa('apt-cache', args, { stdin: 'ignore', reject: false });
  const name = /Depends: (linux-image-\S+-dbg)/u.exec(stdout ?? '')?.[1];
  if (name === undefined) throw new CannotRunError(`No package ${PACKAGE} is to be had here`);
  return name;
}
