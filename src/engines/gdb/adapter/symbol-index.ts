import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import { execa } from 'execa';
import { gdbQuoted } from '../gdb-command.ts';

/** Each is a tenth of its kernel's line information; who builds a kernel every hour needs the last ones. */
const KEPT = 6;
const PATIENCE_MS = 120_000;
const SUFFIX = '.gdb-index';

export interface IndexInput {
  readonly gdb: string;
  readonly version: string;
  /** The file with the symbols, and the id of its build. */
  readonly symbols: string;
  readonly build: string;
}

/** Beside the other files that all windows of one user share. */
export function indexFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'kvm-workbench', 'gdb-index');
}

/**
 * Has gdb make an index of all names in a kernel, once for each build: without it, the first look at a name that many
 * files declare reads all those files, which takes half a minute.
 * @returns commands for a gdb, before it reads those symbols; none where it cannot have an index
 */
export async function indexSymbols(
  { gdb, version, symbols, build }: IndexInput,
  folder: string,
  say: (sentence: string) => void,
): Promise<readonly string[]> {
  const commands = commandsFor(version, folder);
  if (commands.length === 0) return [];
  const file = join(folder, `${build}${SUFFIX}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (!(await isThere(file))) {
      say(t('gdb reads all symbols of {0} once, to find them at once from now on.', symbols));
      // not for people: a command of gdb's
      await make(gdb, version, [...commands, `file ${gdbQuoted(symbols)}`]);
      await prune(folder);
    }
    const now = new Date();
    await utimes(file, now, now);
    return commands;
  } catch {
    // A disk that is full, or a gdb that ended: it is slower without, and that is all.
    return [];
  }
}

// not for people: commands of gdb's
function commandsFor(version: string, folder: string): readonly string[] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 8 || (major === 8 && minor < 3) || /[\n\r]/.test(folder)) return [];
  return [
    `set index-cache directory ${folder}`,
    major < 12 ? 'set index-cache on' : 'set index-cache enabled on',
  ];
}

async function make(gdb: string, version: string, commands: readonly string[]): Promise<void> {
  // From gdb 14 on it is written behind one's back.
  // not for people: commands of gdb's
  const waiting = Number.parseInt(version, 10) < 14 ? [] : ['maint wait-for-index-cache'];
  const args = [...commands, ...waiting].flatMap((command) => ['-ex', command]);
  // Nothing that lies beside the symbols is run.
  // not for people: commands of gdb's
  await execa(gdb, ['--nx', '--batch', '-iex', 'set auto-load no', ...args], {
    stdin: 'ignore',
    timeout: PATIENCE_MS,
    reject: false,
  });
}

/** The oldest are those that nobody used for the longest time. */
async function prune(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX));
  const dated = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  );
  const old = dated.toSorted((one, other) => other.at - one.at).slice(KEPT);
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { force: true })));
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    ({ size }) => size > 0,
    () => false,
  );
}
