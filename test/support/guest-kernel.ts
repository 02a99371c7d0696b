import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { eventually } from './eventually.ts';

/** Where the kernel of the Linux guest says that it is, before KASLR moves it. */
const LINK_BASE = 0xffff_ffff_8100_0000n;
/** An emulated guest is slow where other tests run beside it. */
const PATIENCE_MS = 90_000;
/** What the kernel's build says of itself. */
const NOTES = '__start_notes';
const WANTED = ['_text', 'asm_exc_divide_error', 'do_sys_openat2', 'linux_banner', NOTES];

/** Sends a command to a guest's agent and has its answer, within so many seconds where they are given. */
export type Ask = (command: string, seconds?: number) => Promise<string>;

/** Runs a program in the guest through its agent. */
export async function runInGuest(ask: Ask, path: string, ...arg: string[]): Promise<number> {
  const command = { execute: 'guest-exec', arguments: { path, arg, 'capture-output': true } };
  return (JSON.parse(await ask(JSON.stringify(command))) as { return: { pid: number } }).return.pid;
}

export async function outputInGuest(ask: Ask, pid: number): Promise<string> {
  const command = JSON.stringify({ execute: 'guest-exec-status', arguments: { pid } });
  return eventually(
    'the program in the guest is done',
    async () => {
      const status = (JSON.parse(await ask(command)) as { return: { exited: boolean; 'out-data'?: string } })
        .return;
      if (!status.exited) return undefined;
      return Buffer.from(status['out-data'] ?? '', 'base64').toString();
    },
    PATIENCE_MS,
  );
}

/** The guest's agent is there. */
export async function agentAnswers(ask: Ask): Promise<void> {
  await eventually(
    'the guest is up',
    () =>
      ask('{"execute":"guest-ping"}', 2).then(
        () => true,
        () => false,
      ),
    PATIENCE_MS,
  );
}

/** How far KASLR moved the guest's kernel, and where its symbols were linked, as its vmlinux would say. */
export async function kernelSymbols(
  ask: Ask,
): Promise<{ readonly offset: bigint; readonly symbols: ReadonlyMap<string, bigint> }> {
  const pattern = `^[0-9a-f]* . \\(${WANTED.join('\\|')}\\)$`;
  const kallsyms = await outputInGuest(
    ask,
    await runInGuest(ask, '/bin/busybox', 'grep', pattern, '/proc/kallsyms'),
  );
  const addresses = new Map(
    kallsyms
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([address = '', , name = '']) => [name, BigInt(`0x${address}`)] as const),
  );
  const missing = WANTED.filter((name) => !addresses.has(name));
  if (missing.length > 0)
    throw new Error(`The guest does not tell where ${missing.join(', ')} is:\n${kallsyms}`);
  const offset = (addresses.get('_text') ?? 0n) - LINK_BASE;
  return { offset, symbols: new Map([...addresses].map(([name, address]) => [name, address - offset])) };
}

/** The notes of the guest's kernel, with the id of its build. */
export async function kernelNotes(ask: Ask): Promise<Buffer> {
  const base64 = await outputInGuest(
    ask,
    await runInGuest(ask, '/bin/busybox', 'base64', '/sys/kernel/notes'),
  );
  return Buffer.from(base64, 'base64');
}

/** An ELF file with a kernel's symbols, as its vmlinux would have them, and nothing else. */
export async function kernelSymbolFile(
  folder: string,
  symbols: ReadonlyMap<string, bigint>,
  notes: Buffer = Buffer.alloc(0),
): Promise<string> {
  const base = join(folder, 'vmlinux');
  const lines = [...symbols].map(
    ([name, address]) => `${name} = . + 0x${(address - LINK_BASE).toString(16)};`,
  );
  const bytes = notes.length === 0 ? '' : `.section .notes,"a",@note\n.byte ${[...notes].join(',')}\n`;
  await writeFile(`${base}.s`, `.text\nnop\n${bytes}`);
  const notesAt = symbols.get(NOTES) ?? 0n;
  await writeFile(
    `${base}.ld`,
    `SECTIONS { .text 0x${LINK_BASE.toString(16)} (NOLOAD) : { ${lines.join(' ')} . += 0x4000000; }
      .notes 0x${notesAt.toString(16)} : { *(.notes) } }`,
  );
  const link = [
    '-nostdlib',
    '-static',
    '-Wl,--build-id=none',
    '-Wl,--no-check-sections',
    `-Wl,-T,${base}.ld`,
    '-o',
    base,
    `${base}.s`,
  ];
  await execa('gcc', link);
  return base;
}
