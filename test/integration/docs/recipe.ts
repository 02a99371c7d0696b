import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before } from 'node:test';
import { execa } from 'execa';
import { root } from '../../../scripts/lib/paths.ts';
import { type PrivateDaemon, startPrivateDaemon } from '../../support/private-daemon.ts';

/** A piece of code in a page that says to which file it belongs: a whole file, or a change of one. */
interface Piece {
  readonly language: 'ts' | 'diff';
  readonly file: string;
  readonly text: string;
}

const COPIED = [
  'src',
  'schemas',
  'scripts',
  'package.json',
  'package.nls.json',
  '.editorconfig',
  '.prettierrc.json',
  'tsconfig.json',
];

const SOURCES_ALONE = JSON.stringify({ extends: '../tsconfig.json', include: ['.'], exclude: ['webview'] });

/** What the code blocks of a page do to the sources, in their order. */
function piecesOf(page: string): readonly Piece[] {
  return [...page.matchAll(/^```(ts|diff) (\S+)\n(.*?)^```$/gmsu)].map(
    ([, language = '', file = '', text = '']) => ({ language: language as Piece['language'], file, text }),
  );
}

/** The lines of a change that one side has. */
function side(text: string, sign: '+' | '-'): string {
  return text
    .split('\n')
    .filter((line) => line.startsWith(sign) || line.startsWith(' '))
    .map((line) => line.slice(1))
    .join('\n');
}

/** A copy of the project in which somebody did what a page says. */
class Recipe {
  readonly folder: string;
  /** The files that it names. */
  readonly files: readonly string[];

  private constructor(folder: string, files: readonly string[]) {
    this.folder = folder;
    this.files = files;
  }

  static async follow(page: string): Promise<Recipe> {
    const pieces = piecesOf(await readFile(join(root, 'docs', page), 'utf8'));
    const folder = await mkdtemp(join(tmpdir(), 'kvm-workbench-recipe-'));
    for (const each of COPIED) await cp(join(root, each), join(folder, each), { recursive: true });
    // The tests need no second look.
    await writeFile(join(folder, 'src/tsconfig.json'), SOURCES_ALONE);
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const { language, file, text } of pieces) {
      const path = join(folder, file);
      if (language === 'ts') {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, text);
        continue;
      }
      const before = await readFile(path, 'utf8');
      const old = side(text, '-');
      assert.equal(before.split(old).length, 2, `${page}: this is not once in ${file}:\n${old}`);
      await writeFile(
        path,
        before.replace(old, () => side(text, '+')),
      );
    }
    return new Recipe(folder, [...new Set(pieces.map(({ file }) => file))]);
  }

  /** @throws Error with what the compiler says */
  async compile(): Promise<void> {
    await execa('tsc', ['--project', join(this.folder, 'src')], {
      preferLocal: true,
      localDir: root,
      all: true,
    });
  }

  /** @throws Error when a file is not laid out as ours are */
  async checkFormat(): Promise<void> {
    await execa('prettier', ['--check', ...this.files], {
      cwd: this.folder,
      preferLocal: true,
      localDir: root,
      all: true,
    });
  }

  /** Runs one of the project's own scripts on the copy. @throws Error with what it prints when it fails */
  async script(name: string, ...args: readonly string[]): Promise<void> {
    const file = join(this.folder, 'scripts', name);
    await execa(process.execPath, [file, ...args], { cwd: this.folder, all: true });
  }

  /** Runs a module of the copy, given as text, and returns what it prints. */
  async run(module: string, args: readonly string[]): Promise<string> {
    const file = join(this.folder, 'try.ts');
    await writeFile(file, module);
    return (await execa(process.execPath, [file, ...args])).stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A copy of the project and a daemon, for the tests of a suite. */
export function useRecipe(page: string): { readonly recipe: Recipe; readonly daemon: PrivateDaemon } {
  let recipe: Recipe | undefined;
  let daemon: PrivateDaemon | undefined;
  before(async () => {
    recipe = await Recipe.follow(page);
    daemon = await startPrivateDaemon();
  });
  after(async () => {
    await recipe?.[Symbol.asyncDispose]();
    await daemon?.dispose();
  });
  return {
    get recipe() {
      assert.ok(recipe);
      return recipe;
    },
    get daemon() {
      assert.ok(daemon);
      return daemon;
    },
  };
}
