import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A kernel's own have some 30 files. */
const FILES_MAX = 500;
const BYTES_MAX = 8 * 1024 * 1024;

/** The Python that a kernel's build has for gdb. */
export interface KernelHelpers {
  readonly script: string;
  /**
   * Of all that gdb would run, so that whoever agreed to it did not agree to something else. Undefined where there is
   * more than a kernel has.
   */
  readonly digest: string | undefined;
}

/** `vmlinux-gdb.py` beside a kernel, with the modules that it loads; undefined without one. */
export async function findKernelHelpers(vmlinux: string): Promise<KernelHelpers | undefined> {
  const folder = dirname(vmlinux);
  const script = join(folder, 'vmlinux-gdb.py');
  const text = await readFile(script).catch(() => undefined);
  if (text === undefined) return undefined;
  const modules = join(folder, 'scripts', 'gdb');
  const hash = createHash('sha256');
  let bytes = 0;
  const add = (name: string, data: Uint8Array) => {
    bytes += data.length;
    hash.update(JSON.stringify([name, data.length])).update(data);
  };
  add('vmlinux-gdb.py', text);
  const names = await namesIn(modules);
  if (names === undefined) return { script, digest: undefined };
  for (const name of names) {
    const path = join(modules, name);
    const { size } = await stat(path);
    if (bytes + size > BYTES_MAX) return { script, digest: undefined };
    add(name, await readFile(path));
  }
  return { script, digest: hash.digest('hex') };
}

/** All files below a folder but those that Python makes itself, and is told not to use. Undefined for too many. */
async function namesIn(folder: string): Promise<readonly string[] | undefined> {
  const found: string[] = [];
  const folders = [''];
  for (let seen = 0; folders.length > 0; seen++) {
    if (seen > FILES_MAX || found.length > FILES_MAX) return undefined;
    const below = folders.pop() ?? '';
    for (const name of await readdir(join(folder, below)).catch(() => [])) {
      const path = join(below, name);
      const what = await stat(join(folder, path)).catch(() => undefined);
      if (what?.isDirectory() === true && name !== '__pycache__') folders.push(path);
      if (what?.isFile() === true) found.push(path);
    }
  }
  return found.toSorted();
}
