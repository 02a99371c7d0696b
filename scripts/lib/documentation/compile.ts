import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocumentationSection } from '../../../src/workbench/editor/language/find-entry.ts';
import { root } from '../paths.ts';
import { SetupError } from '../system-packages.ts';
import { readPage } from './read-page.ts';

/** Where the Debian package `libvirt-doc` installs libvirt's documentation. */
export const installedDocumentation = '/usr/share/doc/libvirt-doc/html';

const PAGES = [
  'formatbackup',
  'formatcaps',
  'formatcheckpoint',
  'formatdomain',
  'formatdomaincaps',
  'formatnetwork',
  'formatnetworkport',
  'formatnode',
  'formatnwfilter',
  'formatsecret',
  'formatsnapshot',
  'formatstorage',
  'formatstoragecaps',
  'formatstorageencryption',
];

/**
 * Writes what the pages about libvirt's XML say of each element and attribute into dist/docs, and returns how many
 * those are.
 * @throws SetupError when the documentation is not installed
 */
export async function compileDocumentation(
  folder = installedDocumentation,
  target = join(root, 'dist', 'docs'),
): Promise<number> {
  if (!existsSync(join(folder, 'formatdomain.html')))
    throw new SetupError(
      `libvirt's documentation is not in ${folder}: install it (on Debian, libvirt-doc), or hovers only tell what the schema knows.`,
    );
  await mkdir(target, { recursive: true });
  const pages: Record<string, DocumentationSection[]> = {};
  for (const page of PAGES) {
    const file = join(folder, `${page}.html`);
    if (existsSync(file)) pages[page] = readPage(`${page}.html`, await readFile(file, 'utf8'));
  }
  await writeFile(join(target, 'libvirt.json'), JSON.stringify(pages));
  return Object.values(pages)
    .flat()
    .reduce((count, { entries }) => count + entries.length, 0);
}
