import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root } from './paths.ts';

const TEXTS = /^(?:licen[cs]e|copying|notice|authors)\b.*$/i;
const RULE = '-'.repeat(80);

interface Manifest {
  readonly version?: string;
  readonly license?: string;
  readonly author?: string | { readonly name?: string };
  readonly repository?: string | { readonly url?: string };
}

/**
 * Names everybody else whose code is in a bundle, with where it is from and its licence, which most want to be kept
 * with it.
 * @param inputs the files that a bundle was made of, below `base`, as esbuild's metafile names them
 * @throws Error for a package that brings no text of its licence: nothing is packed without one
 */
export async function thirdPartyNotices(inputs: Iterable<string>, base = root): Promise<string> {
  const packages = new Map<string, Set<string>>();
  for (const input of inputs) {
    const found = packageOf(input);
    if (found === undefined) continue;
    const folders = packages.get(found) ?? new Set();
    // What a package has taken in from others has its licence beside it.
    for (let folder = dirname(input); folder.length >= found.length; folder = dirname(folder))
      folders.add(folder);
    packages.set(found, folders);
  }
  const sorted = [...packages].toSorted(([a], [b]) => a.localeCompare(b));
  const notices = await Promise.all(sorted.map(([name, folders]) => noticeOf(base, name, folders)));
  return notices.join(`\n${RULE}\n\n`);
}

/** The folder of the innermost package that a file is of; undefined for our own. */
function packageOf(input: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

async function noticeOf(base: string, folder: string, folders: ReadonlySet<string>): Promise<string> {
  const manifest = JSON.parse(await readFile(join(base, folder, 'package.json'), 'utf8')) as Manifest;
  const { version = '', license = '', repository } = manifest;
  const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const source = typeof repository === 'string' ? repository : (repository?.url ?? '');
  const files = (await Promise.all([...folders].toSorted().map((each) => textsIn(base, each)))).flat();
  const texts = await Promise.all(files.map((file) => readFile(join(base, file), 'utf8')));
  if (texts.length === 0) texts.push(usualText(name, manifest));
  return [`${name} ${version} (${license})\n${source}\n`, ...texts.map((text) => `${text.trim()}\n`)].join(
    '\n',
  );
}

/** Some packages say that they are under the MIT license, and leave its text out. @throws Error for any other */
function usualText(name: string, { license, author }: Manifest): string {
  const holder = typeof author === 'string' ? author : author?.name;
  if (license !== 'MIT' || holder === undefined)
    throw new Error(`${name} is in the bundle and brings no text of its licence`);
  return `Copyright (c) ${holder}\n\n${MIT}`;
}

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

async function textsIn(base: string, folder: string): Promise<readonly string[]> {
  const entries = await readdir(join(base, folder), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && TEXTS.test(entry.name))
    .map(({ name }) => join(folder, name))
    .toSorted();
}
