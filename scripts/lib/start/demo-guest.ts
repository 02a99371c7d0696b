import { constants } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isActive } from '../../../src/client/libvirt/domain/state.ts';
import { CallTimeoutError } from '../../../src/client/rpc/error.ts';
import { SetupError } from '../system-packages.ts';
import { tinyOsFolder } from '../tiny-os.ts';
import type { Daemon } from './daemon.ts';

/** A guest is forced off at once; only a stuck daemon takes longer. */
const STOP_TIMEOUT_MS = 10_000;

async function othersCanRead(file: string): Promise<boolean> {
  const { mode } = await stat(file);
  if ((mode & constants.S_IROTH) === 0) return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & constants.S_IXOTH) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** A folder of ours that everybody may read and nobody else can have put there. */
async function publicFolder(): Promise<string> {
  const user = process.getuid?.() ?? 0;
  const folder = user === 0 ? '/var/lib/kvm-workbench' : `/var/tmp/kvm-workbench-${user}`;
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== user) {
    throw new SetupError(`${folder} is not a folder of yours; remove it and run this again.`);
  }
  await chmod(folder, 0o755);
  return folder;
}

/** The kernel where QEMU can read it: the system daemon runs QEMU as a user of its own. */
async function placeKernel(elf: string, uri: string): Promise<string> {
  if (uri.endsWith('/session') || (await othersCanRead(elf))) return elf;
  const copy = join(await publicFolder(), 'tiny-os.elf');
  const temporary = `${copy}.${process.pid}`;
  await copyFile(elf, temporary, constants.COPYFILE_EXCL);
  await chmod(temporary, 0o644);
  await rename(temporary, copy);
  return copy;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** Defines the demo guest, or brings its definition up to date. */
export async function defineDemoGuest(
  { connection, uri }: Daemon,
  elf: string,
  type: 'kvm' | 'qemu',
): Promise<void> {
  const kernel = await placeKernel(elf, uri);
  const template = await readFile(join(tinyOsFolder, 'domain.xml'), 'utf8');
  const xml = template
    .replace('<domain type="qemu">', `<domain type="${type}">`)
    .replace('<kernel>@KERNEL@</kernel>', () => `<kernel>${escapeXml(kernel)}</kernel>`);
  await connection.domains.defineXml(xml);
}

async function isRunning({ connection }: Daemon): Promise<boolean> {
  const { state } = await connection.domains.state(await connection.domains.lookupByName('tiny-os'));
  return isActive(state);
}

/** Leaves the guest as it was: what was started during the demo is shut off with it. */
export async function stopDemoGuestAfter(daemon: Daemon, undo: AsyncDisposableStack): Promise<void> {
  if (await isRunning(daemon)) return;
  undo.defer(async () => {
    const { domains } = daemon.connection;
    if (!(await isRunning(daemon))) return;
    try {
      await domains.destroy(await domains.lookupByName('tiny-os'), 0, { timeoutMs: STOP_TIMEOUT_MS });
    } catch (error) {
      // A daemon that waits for a process which nobody reaps must not hold up the rest.
      if (!(error instanceof CallTimeoutError)) throw error;
      console.log(`tiny-os was still stopping after ${STOP_TIMEOUT_MS / 1000} s; it is left to libvirt.`);
    }
  });
}
