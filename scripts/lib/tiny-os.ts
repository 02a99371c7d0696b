import { join } from 'node:path';
import { execa } from 'execa';
import { root } from './paths.ts';

export const tinyOsFolder = join(root, 'examples', 'tiny-os');

/** Builds the demo system and says where its ELF file is. Nothing happens when it is up to date. */
export async function buildTinyOs(): Promise<string> {
  await execa('make', ['--silent', '-C', tinyOsFolder], { stdin: 'ignore', all: true });
  return join(tinyOsFolder, 'build', 'tiny-os.elf');
}
