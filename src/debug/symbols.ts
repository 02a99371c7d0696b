import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from '../libvirt/connect.ts';
import type { DomainRef } from '../libvirt/domain.ts';
import type { KvmConfiguration } from './configuration.ts';
import { ElfFile } from './elf.ts';
import { DebugError } from './error.ts';
import type { GuestFacts } from './guest-facts.ts';
import { checkLoaded } from './guest-memory.ts';
import { fitKernel, shortBanner } from './kernel.ts';

/** What a debugger is to load, and what a person should know of it. */
export interface Symbols {
  /** Undefined where nobody said, so that there is only machine code to be seen. */
  readonly path: string | undefined;
  readonly bits: 32 | 64 | undefined;
  /** A Linux kernel's. */
  readonly kernel: boolean;
  /** How far the kernel is from where its symbols say. */
  readonly offset: bigint;
  readonly remarks: readonly string[];
}

interface RunningGuest {
  readonly connection: Connection;
  readonly domain: DomainRef;
}

/**
 * Finds the symbols of a guest and checks them: that they are of its architecture, and, where it runs already, of
 * what is in its memory.
 * @param running undefined for a guest that has not begun yet
 */
export async function findSymbols(
  config: KvmConfiguration,
  facts: Pick<GuestFacts, 'arch' | 'kernel'>,
  places: { readonly workspace: string | undefined; readonly local: boolean },
  running: RunningGuest | undefined,
): Promise<Symbols> {
  const vmlinux = config.vmlinux === 'auto' ? await lookForVmlinux(places.workspace) : config.vmlinux;
  const path = vmlinux ?? config.program ?? (places.local ? await bootedElf(facts.kernel) : undefined);
  if (path === undefined)
    return {
      path: undefined,
      bits: undefined,
      kernel: false,
      offset: 0n,
      remarks: [
        'There are no symbols: set “program” to an ELF file that has them, to see more than machine code.',
      ],
    };
  await using elf = await ElfFile.open(path);
  checkArchitecture(elf, facts.arch);
  const remarks: string[] = [];
  if (!elf.hasSymbols && !elf.hasDwarf)
    throw new DebugError(
      'symbols',
      `${path} has no symbols: they were stripped`,
      'Take the file as the linker made it (-g, without strip).',
    );
  if (!elf.hasDwarf)
    remarks.push(
      `${path} has no debug information (-g): functions are known by name, lines and variables are not.`,
    );
  const isKernel = vmlinux !== undefined;
  let offset = 0n;
  if (running !== undefined && config.checkSymbols) {
    if (isKernel) {
      const fit = await fitKernel(running.connection, running.domain, elf, facts.arch);
      offset = fit.offset;
      if (fit.banner !== undefined) remarks.push(`The guest runs ${shortBanner(fit.banner)}.`);
      if (offset !== 0n)
        remarks.push(`KASLR moved the kernel by 0x${offset.toString(16)}; its symbols are moved with it.`);
    } else await checkLoaded(running.connection, running.domain, elf);
  }
  return { path, bits: elf.bits, kernel: isKernel, offset, remarks };
}

function checkArchitecture(elf: ElfFile, arch: string): void {
  // A 64-bit PC runs 32-bit programs too, and many kernels begin as one.
  if (
    elf.arch === arch ||
    (elf.arch === 'i686' && arch === 'x86_64') ||
    (elf.arch === 'x86_64' && arch === 'i686')
  ) {
    if (!(elf.arch === 'x86_64' && arch === 'i686')) return;
  }
  throw new DebugError(
    'architecture',
    `${elf.path} is for ${elf.arch}, but the guest is ${arch}`,
    'Build it for the guest, or choose another guest or “arch”.',
  );
}

/** The kernel that the guest booted, where it is an ELF file that we can read. */
async function bootedElf(kernel: string | undefined): Promise<string | undefined> {
  if (kernel === undefined) return undefined;
  try {
    await using elf = await ElfFile.open(kernel);
    return elf.hasSymbols || elf.hasDwarf ? kernel : undefined;
  } catch {
    // A compressed Linux image, or not for our eyes: then there are no symbols in it for us.
    return undefined;
  }
}

async function lookForVmlinux(workspace: string | undefined): Promise<string> {
  const candidates =
    workspace === undefined ? [] : [join(workspace, 'vmlinux'), join(workspace, 'build', 'vmlinux')];
  for (const candidate of candidates)
    if (
      await access(candidate).then(
        () => true,
        () => false,
      )
    )
      return candidate;
  throw new DebugError(
    'symbols',
    `No vmlinux was found${candidates.length === 0 ? '' : ` (${candidates.join(', ')})`}`,
    'Set “vmlinux” to the kernel with its symbols: your build’s, or that of your distribution’s debug package (/usr/lib/debug/boot).',
  );
}
