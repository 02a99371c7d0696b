/** Where an architecture's kernel may be moved to by KASLR. */
interface Kaslr {
  readonly alignment: bigint;
  /** Of the offset, from 0 on. */
  readonly range: bigint;
  /** Whether the kernel may also be below the address that it was linked for. */
  readonly isBothWays?: boolean;
  /** Whether the kernel has the upper half of the addresses. */
  readonly isHigh: boolean;
}

const MIB = 0x10_0000n;
const GIB = 0x4000_0000n;

const KNOWN: Readonly<Record<string, Kaslr>> = {
  // By multiples of its alignment, within the GiB for its image.
  x86_64: { alignment: 2n * MIB, range: GIB, isHigh: true },
  // Anywhere in half of the kernel's addresses (48 bits). Under UEFI the image begins at any 64 KiB.
  aarch64: { alignment: 0x1_0000n, range: 1n << 48n, isHigh: true },
  // By multiples of a large page, within a table of them.
  riscv64: { alignment: 2n * MIB, range: GIB, isHigh: true },
  // The kernel has addresses of its own, from 0 on; by multiples of a thread's stack, within three levels of tables.
  s390x: { alignment: 0x4000n, range: 1n << 42n, isBothWays: true, isHigh: false },
};
/** Whatever keeps pages whole. */
const OTHER: Kaslr = { alignment: 0x1000n, range: 1n << 48n, isHigh: false };

/**
 * By how much a kernel was moved, from where something of it is now and where it was linked. Undefined when no kernel of
 * that architecture can have been moved so. One that was moved down has an offset just below 2^64, to which an address
 * is added as a processor does.
 */
export function kaslrOffset(arch: string, now: bigint, linked: bigint): bigint | undefined {
  const { alignment, range, isBothWays = false } = KNOWN[arch] ?? OTHER;
  const offset = now - linked;
  const isWithin = offset < range && offset > (isBothWays ? -range : -1n);
  return isWithin && offset % alignment === 0n ? BigInt.asUintN(64, offset) : undefined;
}

/** An address, where a kernel of that architecture can have it. */
export function inKernel(arch: string, address: bigint | undefined): bigint | undefined {
  if (address === undefined || address === 0n) return undefined;
  return (KNOWN[arch] ?? OTHER).isHigh && address >> 63n === 0n ? undefined : address;
}
