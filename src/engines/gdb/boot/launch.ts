import { constants } from 'node:fs';
import { chmod, copyFile, open, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { t } from '@vscode/l10n';
import { domainXml } from '../../../model/guest/domain-xml.ts';
import type { GuestArch, GuestSpec } from '../../../model/guest/guest-spec.ts';
import { type KernelFile, KernelFileError, readKernelFile } from '../../../model/guest/kernel-file.ts';
import { ownershipElement } from '../../../model/guest/ownership.ts';
import { isSessionDaemon, isThisMachine } from '../../../model/inventory/place.ts';
import { bringFile, takeAway } from '../../../model/operations/volume/bring-file.ts';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { LaunchConfiguration } from '../configuration.ts';
import { DEBUG_OWNER } from '../sessions/clean.ts';
import { ElfFile } from '../symbols/elf.ts';
import { DebugError } from '../error.ts';
import { ImageError } from '../../../model/disk-image/image-error.ts';
import { openUntrusted } from '../../../model/disk-image/self-contained.ts';
import { withoutKaslr } from '../symbols/kernel.ts';
import { makeQemuFolder } from './qemu-folder.ts';
import type { Recording } from './recording.ts';

const BARE_MEMORY_MIB = 128;
const LINUX_MEMORY_MIB = 512;

export interface LaunchPlan {
  readonly spec: GuestSpec;
  /** Folders that were made for it and go with it. */
  readonly folders: readonly string[];
  /** Copies of this machine's files on the host, by their paths there; they are removed with it. */
  readonly uploads: readonly string[];
  /** The kernel is a file of this machine: it may have symbols for us. */
  readonly kernelHere: boolean;
  readonly remarks: readonly string[];
}

/** What a launch configuration means: the machine, with its files where QEMU can read them. */
export async function planLaunch(
  config: LaunchConfiguration,
  connection: Connection,
  recording: Recording | undefined,
): Promise<LaunchPlan> {
  const boot = recording?.boot ?? config.boot;
  const here = isThisMachine(connection.uri);
  // What is built here is copied to a host that is elsewhere; what is not here may be there.
  const kernelHere = here || (await isFile(boot.kernel));
  const kernel = boot.kernel === undefined ? undefined : await inspectKernel(boot.kernel, kernelHere);
  const linux = kernel?.linux ?? config.vmlinux !== undefined;
  const arch = boot.arch ?? kernel?.arch ?? 'x86_64';
  const remarks: string[] = [];
  let { cmdline } = boot;
  if (config.vmlinux !== undefined && (arch === 'x86_64' || arch === 'aarch64' || arch === 'riscv64')) {
    cmdline = withoutKaslr(cmdline);
    if (cmdline !== (boot.cmdline ?? ''))
      remarks.push(t('The kernel is booted with nokaslr, so its symbols are at their addresses.'));
  }
  const files = await placeFiles({ kernel: boot.kernel, initrd: boot.initrd }, connection);
  const spec: GuestSpec = {
    name: `debug-${safeName(config.name)}-${randomBytes(3).toString('hex')}`,
    uuid: recording?.uuid,
    type: boot.acceleration === 'kvm' ? 'kvm' : 'qemu',
    arch,
    machine: boot.machine,
    memoryKiB: (boot.memoryMiB ?? (linux ? LINUX_MEMORY_MIB : BARE_MEMORY_MIB)) * 1024,
    vcpus: boot.vcpus ?? 1,
    direct: files.kernel === undefined ? undefined : { kernel: files.kernel, initrd: files.initrd, cmdline },
    disks:
      boot.image === undefined
        ? []
        : [{ source: { file: boot.image }, format: await imageFormat(boot.image, here) }],
    rng: false,
    onCrash: 'preserve',
    panic: linux,
    metadata: [ownershipElement({ by: DEBUG_OWNER, guest: config.name })],
    qemuArguments: recording?.arguments,
  };
  return { spec, folders: files.folders, uploads: files.uploads, kernelHere, remarks };
}

export function launchXml({ spec }: LaunchPlan): string {
  return domainXml(spec);
}

function safeName(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 30) || 'guest'
  );
}

interface KernelFacts {
  readonly arch: GuestArch | undefined;
  readonly linux: boolean;
}

const KNOWN: Readonly<Record<string, GuestArch>> = {
  x86_64: 'x86_64',
  i686: 'i686',
  aarch64: 'aarch64',
  riscv64: 'riscv64',
};
const HEAD_BYTES = 0x8000;

/** What the file itself says. One of another machine is not ours to open. */
async function inspectKernel(path: string, here: boolean): Promise<KernelFacts> {
  if (!here) return { arch: undefined, linux: false };
  const head = await readHead(path);
  if (head.readUInt32BE(0) === 0x7f454c46) {
    await using elf = await ElfFile.open(path);
    const arch = KNOWN[elf.arch];
    if (arch === undefined)
      throw new DebugError('architecture', t('{0} is for {1}, which cannot be booted here', path, elf.arch));
    await kernelFile(path);
    return { arch, linux: false };
  }
  const kernel = await kernelFile(path);
  return { arch: kernel?.arch, linux: kernel?.isLinux === true };
}

async function kernelFile(path: string): Promise<KernelFile | undefined> {
  try {
    return await readKernelFile(path);
  } catch (error) {
    if (!(error instanceof KernelFileError)) throw error;
    throw new DebugError('image', error.message, error.hint, { cause: error });
  }
}

async function readHead(path: string): Promise<Buffer> {
  try {
    await using file = await open(path);
    const { buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer;
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new DebugError(
      'image',
      missing
        ? t('There is no file {0} to boot', path)
        : t('{0} cannot be read: {1}', path, (cause as Error).message),
      missing ? t('Build it first: a “preLaunchTask” does that before each session.') : undefined,
      { cause },
    );
  }
}

async function imageFormat(path: string, here: boolean): Promise<'qcow2' | 'raw'> {
  if (!here) return path.endsWith('.qcow2') ? 'qcow2' : 'raw';
  // Says it in its own words when there is none, or it cannot be read.
  await readHead(path);
  try {
    return (await openUntrusted(path)).format === 'qcow2' ? 'qcow2' : 'raw';
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new DebugError('image', error.message, error.hint, { cause: error });
  }
}

async function isFile(path: string | undefined): Promise<boolean> {
  return path !== undefined && (await stat(path).catch(() => undefined))?.isFile() === true;
}

interface Files {
  readonly kernel: string | undefined;
  readonly initrd: string | undefined;
}

/**
 * Copies what is booted to where QEMU can read it, when a daemon of this machine's runs it as another user: that
 * one seldom gets into a home folder, and libvirt would hand it the files themselves, so that the next build
 * could not write them any more.
 */
async function placeFiles(
  files: Files,
  connection: Connection,
): Promise<Files & { readonly folders: readonly string[]; readonly uploads: readonly string[] }> {
  if (!isThisMachine(connection.uri)) return sendFiles(files, connection);
  if (isSessionDaemon(connection.uri) || files.kernel === undefined)
    return { ...files, folders: [], uploads: [] };
  const folder = await makeQemuFolder('kvm-debug-');
  const place = async (path: string | undefined) => {
    if (path === undefined) return undefined;
    const copy = join(folder, basename(path));
    await copyFile(path, copy, constants.COPYFILE_FICLONE).catch((cause: Error) => {
      throw new DebugError('image', t('{0} cannot be read: {1}', path, cause.message), undefined, { cause });
    });
    await chmod(copy, 0o644);
    return copy;
  };
  try {
    const [kernel, initrd] = await Promise.all([place(files.kernel), place(files.initrd)]);
    return { kernel, initrd, folders: [folder], uploads: [] };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function sendFiles(
  files: Files,
  connection: Connection,
): Promise<Files & { readonly folders: readonly string[]; readonly uploads: readonly string[] }> {
  const uploads: string[] = [];
  const send = async (path: string | undefined) => {
    if (path === undefined || !(await isFile(path))) return path;
    const name = `kvm-debug-${randomBytes(4).toString('hex')}-${basename(path).replaceAll(/[^\w.-]/g, '_')}`;
    const copy = await bringFile(connection, { file: path, name });
    uploads.push(copy);
    return copy;
  };
  try {
    const kernel = await send(files.kernel);
    const initrd = await send(files.initrd);
    return { kernel, initrd, folders: [], uploads };
  } catch (error) {
    await takeAway(connection, uploads);
    throw error;
  }
}
