import { open } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { buildIdIn, type ElfFile } from './elf.ts';
import { DebugError } from '../error.ts';
import { readGuestFile } from './guest-files.ts';
import { readGuestMemory } from './guest-memory.ts';
import { inKernel, kaslrOffset } from './kaslr.ts';
import { monitor } from '../stub/stub.ts';

/** Where the handler of the first exception is: symbols of x86-64 kernels since 5.8, and before. */
const FIRST_HANDLERS = ['asm_exc_divide_error', 'divide_error'];
/** Where a riscv64 kernel goes at every exception. */
const RISCV_HANDLER = 'handle_exception';
/** Where the kernel begins. */
const BEGINNINGS = ['_text', '_stext'];
const BANNER = 'linux_banner';
const BANNER_LENGTH = 200;
// not for people: what the kernel writes
const BANNER_START = 'Linux version ';
const KALLSYMS_BYTES = 1024 * 1024;

/** How a kernel's symbols fit what runs. */
export interface KernelFit {
  /** By how much the kernel was moved when it booted (KASLR). */
  readonly offset: bigint;
  /** What a person should know of it. */
  readonly remarks: readonly string[];
}

/** A guest that runs, and what its XML says of it. */
export interface RunningKernel {
  readonly connection: Connection;
  readonly domain: DomainRef;
  readonly arch: string;
  readonly cmdline: string | undefined;
}

/**
 * Finds out where the kernel of a running guest is, and whether the symbols are its own. The guest need not
 * help: the registers of its processor lead to addresses of the kernel, and its memory says which kernel it is.
 * Where they do not, its agent is asked.
 * @throws DebugError when the symbols are of another kernel.
 */
export async function fitKernel(guest: RunningKernel, vmlinux: ElfFile): Promise<KernelFit> {
  const symbols = await vmlinux.symbols([...FIRST_HANDLERS, RISCV_HANDLER, BANNER, ...BEGINNINGS]);
  const offset = await kernelOffset(guest, vmlinux, symbols);
  const remarks = offset === undefined ? [unknownOffset(guest.arch)] : [];
  if (offset !== undefined) await checkBuildId(guest, vmlinux, offset);
  const banner = await checkBanner(guest, vmlinux, symbols.get(BANNER), offset);
  if (banner !== undefined) remarks.push(t('The guest runs {0}.', shortBanner(banner)));
  return { offset: offset ?? 0n, remarks };
}

async function checkBuildId(guest: RunningKernel, vmlinux: ElfFile, offset: bigint): Promise<void> {
  const own = await vmlinux.buildId();
  if (own === undefined) return;
  const { connection, domain } = guest;
  // A processor in user space may not see the kernel.
  const notes =
    (await readGuestMemory(connection, domain, own.address + offset, own.length)) ??
    (await readGuestFile(connection, domain, '/sys/kernel/notes', own.length));
  const id = notes === undefined ? undefined : buildIdIn(notes);
  if (id !== undefined && id !== own.id)
    throw otherKernel(
      t(
        'The symbols in {0} are of another kernel: the guest’s has the build id {1}, theirs is {2}',
        vmlinux.path,
        id,
        own.id,
      ),
    );
}

/** Returns what the guest says of its kernel; undefined where it cannot be seen, so that nothing is wrong either. */
async function checkBanner(
  { connection, domain }: RunningKernel,
  vmlinux: ElfFile,
  address: bigint | undefined,
  offset: bigint | undefined,
): Promise<string | undefined> {
  const memory =
    address === undefined || offset === undefined
      ? undefined
      : await readGuestMemory(connection, domain, address + offset, BANNER_LENGTH);
  const seen = memory ?? (await readGuestFile(connection, domain, '/proc/version', BANNER_LENGTH));
  if (seen === undefined) return undefined;
  const banner = firstLine(seen);
  const own = address === undefined ? undefined : await vmlinux.dataAt(address, BANNER_LENGTH);
  const expected = own === undefined ? BANNER_START : firstLine(own);
  if (own !== undefined && !expected.startsWith(BANNER_START)) return banner;
  if (!banner.startsWith(expected))
    throw otherKernel(otherBanner(vmlinux.path, banner, own === undefined ? undefined : expected));
  return banner;
}

function otherBanner(path: string, banner: string, expected: string | undefined): string {
  if (!banner.startsWith(BANNER_START))
    return t('The symbols in {0} are of another kernel: the guest has no version where they place it', path);
  return expected === undefined
    ? t('The symbols in {0} are of another kernel: the guest runs {1}', path, shortBanner(banner))
    : t(
        'The symbols in {0} are of {2}, but the guest runs {1}',
        path,
        shortBanner(banner),
        shortBanner(expected),
      );
}

/** Undefined where nothing tells it. */
async function kernelOffset(
  guest: RunningKernel,
  vmlinux: ElfFile,
  symbols: ReadonlyMap<string, bigint>,
): Promise<bigint | undefined> {
  const handlers = guest.arch === 'riscv64' ? [RISCV_HANDLER] : FIRST_HANDLERS;
  const handler = handlers.map((name) => symbols.get(name)).find((address) => address !== undefined);
  const address = handler === undefined ? undefined : await handlerIn(guest);
  if (handler !== undefined && address !== undefined) return offsetBetween(address, handler, guest, vmlinux);
  // Before the kernel has set its own table up, that of the firmware or of the decompressor is there.
  if (handler !== undefined && guest.arch === 'x86_64') return 0n;
  if (/(^|\s)nokaslr(\s|$)/.test(guest.cmdline ?? '')) return 0n;
  const beginning = BEGINNINGS.map((name) => [name, symbols.get(name)] as const).find(
    ([, linked]) => linked !== undefined,
  );
  if (beginning?.[1] === undefined) return guest.arch === 'x86_64' ? 0n : undefined;
  const now = await symbolInGuest(guest, beginning[0]);
  return now === undefined ? undefined : offsetBetween(now, beginning[1], guest, vmlinux);
}

function offsetBetween(now: bigint, linked: bigint, { arch }: RunningKernel, vmlinux: ElfFile): bigint {
  const offset = kaslrOffset(arch, now, linked);
  if (offset !== undefined) return offset;
  throw otherKernel(
    t('The symbols in {0} are of another kernel: its functions are elsewhere in the guest', vmlinux.path),
  );
}

/**
 * Where the processor goes at the first exception; undefined where that is unknown, or no address of a kernel.
 */
async function handlerIn({ connection, domain, arch }: RunningKernel): Promise<bigint | undefined> {
  if (arch !== 'x86_64' && arch !== 'riscv64') return undefined;
  const registers = await monitor(connection, domain, 'info registers');
  if (arch === 'riscv64') {
    const vector = /^\s*stvec\s+([0-9a-f]{16})/m.exec(registers)?.[1];
    return inKernel(arch, vector === undefined ? undefined : BigInt(`0x${vector}`) & ~3n);
  }
  const table = /^IDT=\s+([0-9a-f]{8,16}) /m.exec(registers)?.[1];
  const gate =
    table === undefined ? undefined : await readGuestMemory(connection, domain, BigInt(`0x${table}`), 16);
  return inKernel(arch, gate === undefined ? undefined : gateTarget(gate));
}

/** Out of the list of symbols that the guest itself has, which begins with the beginning of the kernel. */
async function symbolInGuest(
  { connection, domain, arch }: RunningKernel,
  name: string,
): Promise<bigint | undefined> {
  const line = new RegExp(`^([0-9a-f]{16}) \\w ${name}$`, 'm');
  const find = (data: Buffer) => line.exec(data.toString('latin1'))?.[1];
  const list = await readGuestFile(
    connection,
    domain,
    '/proc/kallsyms',
    KALLSYMS_BYTES,
    (data) => find(data) !== undefined,
  );
  const address = list === undefined ? undefined : find(list);
  // Zeros are for those who may not know.
  return inKernel(arch, address === undefined ? undefined : BigInt(`0x${address}`));
}

function unknownOffset(arch: string): string {
  return t(
    'The place that KASLR gave the kernel of an {0} guest cannot be seen from outside. If breakpoints do not stop it, boot it with nokaslr, or install the package qemu-guest-agent in it.',
    arch,
  );
}

/** The address that an interrupt gate of 64-bit mode leads to. */
function gateTarget(gate: Buffer): bigint {
  return (
    BigInt(gate.readUInt16LE(0)) |
    (BigInt(gate.readUInt16LE(6)) << 16n) |
    (BigInt(gate.readUInt32LE(8)) << 32n)
  );
}

function otherKernel(message: string): DebugError {
  return new DebugError(
    'symbols',
    message,
    t('Use the vmlinux of the same build, or set “checkSymbols” to false.'),
  );
}

function firstLine(memory: Buffer): string {
  return /^[\x20-\x7e]*/.exec(memory.toString('latin1'))?.[0] ?? '';
}

/** `Linux version 6.1.0-1 (who made it)…` without what follows the version. */
export function shortBanner(banner: string): string {
  // not for people: what the kernel writes
  return /^Linux version \S+/.exec(banner)?.[0].replace(' version', '') ?? banner;
}

const IMAGE_MAGIC_AT = 0x202;
const IMAGE_VERSION_AT = 0x20e;
/** The version stands within the 32 KiB of the real-mode part. */
const IMAGE_BYTES = 0x8000;

/** The version that an x86 boot image (bzImage) says of itself; undefined where it is something else. */
export function imageVersion(image: Buffer): string | undefined {
  if (
    image.length < IMAGE_VERSION_AT + 2 ||
    image.toString('latin1', IMAGE_MAGIC_AT, IMAGE_MAGIC_AT + 4) !== 'HdrS'
  )
    return undefined;
  const at = image.readUInt16LE(IMAGE_VERSION_AT) + 0x200;
  const end = image.indexOf(0, at);
  return end === -1 ? undefined : image.toString('latin1', at, end).split(' ')[0];
}

/** Compares the symbols with the boot image, where that says what it is. @throws DebugError when it is another kernel. */
export async function checkImage(vmlinux: ElfFile, image: string): Promise<void> {
  const version = imageVersion(await beginningOf(image));
  const address = (await vmlinux.symbols([BANNER])).get(BANNER);
  const own = address === undefined ? undefined : await vmlinux.dataAt(address, BANNER_LENGTH);
  const banner = own === undefined ? '' : firstLine(own);
  if (version === undefined || !banner.startsWith(BANNER_START)) return;
  if (!`${banner} `.startsWith(`${BANNER_START}${version} `))
    throw new DebugError(
      'symbols',
      t(
        'The symbols in {0} are of {1}, and {2} is Linux {3}',
        vmlinux.path,
        shortBanner(banner),
        image,
        version,
      ),
      t('Use the vmlinux of the same build, or set “checkSymbols” to false.'),
    );
}

async function beginningOf(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(IMAGE_BYTES), 0, IMAGE_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}

/** Adds `nokaslr` to a command line that does not say anything about it, so that the symbols are where they say. */
export function withoutKaslr(cmdline: string | undefined): string {
  const words = (cmdline ?? '').split(/\s+/).filter((word) => word !== '');
  return words.some((word) => word === 'nokaslr' || word === 'kaslr')
    ? words.join(' ')
    : [...words, 'nokaslr'].join(' ');
}
