import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { userCache } from '../../../scripts/lib/paths.ts';

// libvirt asks every QEMU binary what it can do, which takes seconds, and keeps the answers in files that it
// checks for freshness itself: daemons that begin with nothing else may begin with these.
const shared = join(userCache, 'libvirt-capabilities');

function ownFolder(folder: string, mode: 'system' | 'session'): string {
  return join(folder, 'cache', mode === 'system' ? 'qemu/capabilities' : 'libvirt/qemu/capabilities');
}

async function copyAll(from: string, to: string): Promise<void> {
  await mkdir(from, { recursive: true });
  await mkdir(to, { recursive: true });
  // What another test is writing at this moment has a longer name.
  const whole = (await readdir(from)).filter((name) => name.endsWith('.xml'));
  for (const name of whole) {
    // Another daemon may read the file at this moment.
    const temporary = join(to, `${name}.${randomUUID()}`);
    await copyFile(join(from, name), temporary);
    await rename(temporary, join(to, name));
  }
}

export async function lendCapabilities(folder: string, mode: 'system' | 'session'): Promise<void> {
  await copyAll(shared, ownFolder(folder, mode));
}

export async function keepCapabilities(folder: string, mode: 'system' | 'session'): Promise<void> {
  await copyAll(ownFolder(folder, mode), shared);
}
