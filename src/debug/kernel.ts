import type { Connection } from '../libvirt/connect.ts';
import type { DomainRef } from '../libvirt/domain.ts';
import type { ElfFile } from './elf.ts';
import { DebugError } from './error.ts';
import { readGuestMemory } from './guest-memory.ts';
import { monitor } from './stub.ts';

/** Where the handler of the first exception is: symbols of x86-64 kernels since 5.8, and before. */
const FIRST_HANDLERS = ['asm_exc_divide_error', 'divide_error'];
const BANNER = 'linux_banner';
const BANNER_LENGTH = 200;
/** KASLR moves an x86-64 kernel by multiples of this, and by less than a GiB. */
const ALIGNMENT = 0x20_0000n;
const RANGE = 0x4000_0000n;

/** How a kernel's symbols fit what runs. */
export interface KernelFit {
  /** By how much the kernel was moved when it booted (KASLR). */
  readonly offset: bigint;
  /** `Linux version …` as the guest has it; undefined where the symbols do not tell where it is. */
  readonly banner: string | undefined;
}

/**
 * Finds out where the kernel of a running guest is, and whether the symbols are its own. On x86-64 the processor
 * itself tells (its interrupt table is full of addresses of the kernel), so that the guest need not help.
 * @throws DebugError when the symbols are of another kernel.
 */
export async function fitKernel(
  connection: Connection,
  domain: DomainRef,
  vmlinux: ElfFile,
  arch: string,
): Promise<KernelFit> {
  const symbols = await vmlinux.symbols([...FIRST_HANDLERS, BANNER]);
  const offset = arch === 'x86_64' ? await kernelOffset(connection, domain, vmlinux, symbols) : 0n;
  const bannerAt = symbols.get(BANNER);
  if (bannerAt === undefined) return { offset, banner: undefined };
  const memory = await readGuestMemory(connection, domain, bannerAt + offset, BANNER_LENGTH);
  // A processor in user space may not see the kernel: then there is nothing to compare, and nothing wrong.
  if (memory === undefined) return { offset, banner: undefined };
  const banner = firstLine(memory);
  const own = await vmlinux.dataAt(bannerAt, BANNER_LENGTH);
  const expected = own === undefined ? 'Linux version ' : firstLine(own);
  if (own !== undefined && !expected.startsWith('Linux version ')) return { offset, banner };
  if (!banner.startsWith(expected))
    throw otherKernel(
      vmlinux.path,
      banner.startsWith('Linux version ')
        ? `the guest runs ${shortBanner(banner)}` +
            (own === undefined ? '' : `, the symbols are of ${shortBanner(expected)}`)
        : 'where they say that its version stands, the guest has something else',
    );
  return { offset, banner };
}

async function kernelOffset(
  connection: Connection,
  domain: DomainRef,
  vmlinux: ElfFile,
  symbols: ReadonlyMap<string, bigint>,
): Promise<bigint> {
  const handler = FIRST_HANDLERS.map((name) => symbols.get(name)).find((address) => address !== undefined);
  if (handler === undefined) return 0n;
  const table = /^IDT=\s+([0-9a-f]{8,16}) /m.exec(await monitor(connection, domain, 'info registers'))?.[1];
  const gate =
    table === undefined ? undefined : await readGuestMemory(connection, domain, BigInt(`0x${table}`), 16);
  const address = gate === undefined ? 0n : gateTarget(gate);
  // Before the kernel has set its own table up, that of the firmware or of the decompressor is there.
  if (address >> 63n === 0n) return 0n;
  const offset = address - handler;
  if (offset < 0n || offset >= RANGE || offset % ALIGNMENT !== 0n)
    throw otherKernel(vmlinux.path, 'the kernel’s functions are at other places in the guest');
  return offset;
}

/** The address that an interrupt gate of 64-bit mode leads to. */
function gateTarget(gate: Buffer): bigint {
  return (
    BigInt(gate.readUInt16LE(0)) |
    (BigInt(gate.readUInt16LE(6)) << 16n) |
    (BigInt(gate.readUInt32LE(8)) << 32n)
  );
}

function otherKernel(path: string, why: string): DebugError {
  return new DebugError(
    'symbols',
    `The symbols in ${path} are not those of the kernel that runs: ${why}`,
    'Take the vmlinux of the same build, or set “checkSymbols” to false.',
  );
}

function firstLine(memory: Buffer): string {
  return /^[\x20-\x7e]*/.exec(memory.toString('latin1'))?.[0] ?? '';
}

/** `Linux version 6.1.0-1 (who made it)…` without what follows the version. */
export function shortBanner(banner: string): string {
  return /^Linux version \S+/.exec(banner)?.[0].replace(' version', '') ?? banner;
}

const IMAGE_MAGIC_AT = 0x202;
const IMAGE_VERSION_AT = 0x20e;

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

/** Adds `nokaslr` to a command line that does not say anything about it, so that the symbols are where they say. */
export function withoutKaslr(cmdline: string | undefined): string {
  const words = (cmdline ?? '').split(/\s+/).filter((word) => word !== '');
  return words.some((word) => word === 'nokaslr' || word === 'kaslr')
    ? words.join(' ')
    : [...words, 'nokaslr'].join(' ');
}
