import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

/** A program of a few lines that needs no system: it counts for ever, and calls `twice` each time. */
export interface BareProgram {
  readonly arch: 'aarch64' | 'riscv64';
  /** Assembler; {@link DOUBLING} marks the line that doubles the count. */
  readonly source: string;
  /** Where QEMU's `virt` machine starts a kernel. */
  readonly address: string;
  /** The registers of the count and of its double. */
  readonly count: string;
  readonly double: string;
}

const DOUBLING = '# doubles';

export const ARM: BareProgram = {
  arch: 'aarch64',
  source: `
.globl _start
.text
_start:
  mov x0, #0
again:
  add x0, x0, #1
  bl twice
  b again
.globl twice
.type twice, %function
twice:
  lsl x1, x0, #1 // ${DOUBLING}
  ret
`,
  address: '0x40100000',
  count: '$x0',
  double: '$x1',
};

export const RISCV: BareProgram = {
  arch: 'riscv64',
  source: `
.globl _start
.text
_start:
  li s0, 0
again:
  addi s0, s0, 1
  call twice
  j again
.globl twice
.type twice, %function
twice:
  slli s1, s0, 1 ${DOUBLING}
  ret
`,
  address: '0x80200000',
  count: '$s0',
  double: '$s1',
};

/** Builds it in a folder, as a file named by its architecture, its source beside it with the ending `.s`. */
export async function buildBareProgram(
  folder: string,
  { arch, source, address }: BareProgram,
): Promise<{ readonly path: string; readonly source: string; readonly line: number }> {
  const path = join(folder, arch);
  await writeFile(`${path}.s`, source);
  await execa(`${arch}-linux-gnu-as`, ['-g', '-o', `${path}.o`, `${path}.s`]);
  // Without the file's own headers in front of the code: the firmware of a riscv64 starts what is loaded first.
  await execa(`${arch}-linux-gnu-ld`, ['--omagic', `-Ttext=${address}`, '-o', path, `${path}.o`]);
  const line = source.split('\n').findIndex((text) => text.includes(DOUBLING)) + 1;
  return { path, source: `${path}.s`, line };
}
