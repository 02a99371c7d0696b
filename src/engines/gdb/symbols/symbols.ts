import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import type { KvmConfiguration } from '../configuration.ts';
import { ElfFile, type PlacedSection } from './elf.ts';
import { DebugError } from '../error.ts';
import type { GuestFacts } from '../guest-facts.ts';
import { checkLoaded } from './guest-memory.ts';
import { checkImage, fitKernel } from './kernel.ts';

/** What a debugger is to load, and what a person should know of it. */
export interface Symbols {
  /** Undefined where nobody said, so that there is only machine code to be seen. */
  readonly path: string | undefined;
  readonly bits: 32 | 64 | undefined;
  /** A Linux kernel's. */
  readonly kernel: boolean;
  /** How far the kernel is from where its symbols say. */
  readonly offset: bigint;
  /** What was not moved with it. */
  readonly absolute: readonly PlacedSection[];
  /** The id of the build, where it is worth while that gdb keeps an index of its names. */
  readonly indexed: string | undefined;
  readonly remarks: readonly string[];
}

/** Below so many bytes of line and type information gdb is quick without an index. */
const WORTH_INDEXING = 16 * 1024 * 1024;

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
  facts: Pick<GuestFacts, 'arch' | 'kernel' | 'cmdline'>,
  places: { readonly workspace: string | undefined; readonly local: boolean },
  running: RunningGuest | undefined,
): Promise<Symbols> {
  const vmlinux = config.vmlinux === 'auto' ? await lookForVmlinux(places.workspace) : config.vmlinux;
  const path = vmlinux ?? config.program ?? (places.local ? await bootedElf(facts.kernel) : undefined);
  if (path !== undefined)
    return inspect({ config, facts, local: places.local, running, path, kernel: vmlinux !== undefined });
  // Nobody named any: those of the workspace are taken where they are of what runs.
  const near = running === undefined ? undefined : await vmlinuxIn(places.workspace);
  if (near === undefined) return nothing([]);
  try {
    return await inspect({ config, facts, local: places.local, running, path: near, kernel: true });
  } catch (error) {
    if (error instanceof DebugError) return nothing([t('The symbols are not used. {0}.', error.message)]);
    throw error;
  }
}

function nothing(remarks: readonly string[]): Symbols {
  const what = t(
    'There are no symbols: to see more than machine code, set “program” to an ELF file that has them.',
  );
  return {
    path: undefined,
    bits: undefined,
    kernel: false,
    offset: 0n,
    absolute: [],
    indexed: undefined,
    remarks: [...remarks, what],
  };
}

interface Candidate {
  readonly config: KvmConfiguration;
  readonly facts: Pick<GuestFacts, 'arch' | 'kernel' | 'cmdline'>;
  readonly local: boolean;
  readonly running: RunningGuest | undefined;
  readonly path: string;
  readonly kernel: boolean;
}

/** @throws DebugError when they are of something else. */
async function inspect({ config, facts, local, running, path, kernel }: Candidate): Promise<Symbols> {
  await using elf = await ElfFile.open(path);
  checkArchitecture(elf, facts.arch);
  const remarks: string[] = [];
  if (!elf.hasSymbols && !elf.hasDwarf)
    throw new DebugError(
      'symbols',
      t('{0} has no symbols: they were stripped', path),
      t('Use the file as the linker made it (built with -g, not stripped).'),
    );
  if (!elf.hasDwarf)
    remarks.push(
      t('{0} has no debug information (-g): functions are known by name, lines and variables are not.', path),
    );
  let offset = 0n;
  if (running === undefined) {
    if (kernel && local && config.checkSymbols && facts.kernel !== undefined)
      await checkImage(elf, facts.kernel);
  } else if (config.checkSymbols) {
    if (kernel) {
      const fit = await fitKernel({ ...running, ...facts }, elf);
      offset = fit.offset;
      remarks.push(...fit.remarks);
      if (offset !== 0n)
        remarks.push(t('KASLR moved the kernel by 0x{0}; its symbols are moved too.', offset.toString(16)));
    } else await checkLoaded(running.connection, running.domain, elf);
  }
  const indexed = elf.dwarfWithoutIndex < WORTH_INDEXING ? undefined : (await elf.buildId())?.id;
  return { path, bits: elf.bits, kernel, offset, absolute: elf.absoluteSections, indexed, remarks };
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
    t('{0} is for {1}, but the guest is {2}', elf.path, elf.arch, arch),
    t('Build it for the guest, or choose another guest or “arch”.'),
  );
}

async function vmlinuxIn(workspace: string | undefined): Promise<string | undefined> {
  if (workspace === undefined) return undefined;
  for (const candidate of [join(workspace, 'vmlinux'), join(workspace, 'build', 'vmlinux')]) {
    const isThere = await access(candidate).then(
      () => true,
      () => false,
    );
    if (isThere) return candidate;
  }
  return undefined;
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
  const found = await vmlinuxIn(workspace);
  if (found !== undefined) return found;
  throw new DebugError(
    'symbols',
    workspace === undefined
      ? t('No folder is open to look for a vmlinux in')
      : t('There is no vmlinux in {0}', workspace),
    t(
      'Set “vmlinux” to the kernel with its symbols: your build’s, or that of your distribution’s debug package (/usr/lib/debug/boot).',
    ),
  );
}
