import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { t } from '@vscode/l10n';
import type { AdapterSettings } from './settings.ts';

/** A folder as the program has it, and where the same files are here. */
export interface Mapping {
  readonly from: string;
  readonly to: string;
}

/** What is asked of gdb about sources. */
export interface SourceQuestions {
  /** Whether lines of that file can be stopped at. */
  knows(path: string): Promise<boolean>;
  /** The program's own paths of the files of that name; undefined where gdb cannot tell. */
  named(name: string): Promise<readonly string[] | undefined>;
  /** The program's own paths below a folder. */
  below(folder: string): Promise<readonly string[]>;
  /**
   * The file of a frame as its line information names it, from the folder in which it was compiled, and those of all
   * frames that were seen.
   */
  names(path: string): { readonly own: string | undefined; readonly all: readonly string[] };
  substitute(mapping: Mapping): Promise<void>;
}

export type SourceSettings = Pick<AdapterSettings, 'sources' | 'sourceFileMap' | 'builtIn'>;

/** A guess is tried on that many other files. */
const SAMPLES = 50;

/**
 * A program names its sources by where it was built. For one that was built elsewhere, the folder of the same
 * files on this machine is guessed: by the longest common end of two paths, and by files that really exist.
 */
export class SourcePaths {
  readonly #gdb: SourceQuestions;
  readonly #settings: SourceSettings;
  readonly #say: (sentence: string) => void;
  readonly #mappings: Mapping[] = [];
  readonly #verdicts = new Map<string, Promise<string | undefined>>();
  readonly #missing = new Set<string>();

  constructor(gdb: SourceQuestions, settings: SourceSettings, say: (sentence: string) => void) {
    this.#gdb = gdb;
    this.#settings = settings;
    this.#say = say;
  }

  /**
   * Makes gdb understand breakpoints in a file of this machine; otherwise says in one sentence why it cannot.
   */
  whyUnknown(path: string): Promise<string | undefined> {
    const known = this.#verdicts.get(path);
    if (known !== undefined) return known;
    const verdict = this.#find(path);
    this.#verdicts.set(path, verdict);
    return verdict;
  }

  /** A path of the program's, as it is here; where nothing better is known, as it would be. Always a whole path. */
  here(path: string): string {
    // A build that does not tell where it was made is taken to be made where the program lies.
    const whole = isAbsolute(path) ? path : join(this.#settings.builtIn ?? '/', path);
    if (existsSync(whole)) return whole;
    const mapped = this.#mappings.map((mapping) => apply(mapping, path)).find((each) => each !== undefined);
    if (mapped !== undefined) return mapped;
    const found = this.#settings.sources
      .map((root) => underRoot(path, root))
      .find((each) => each !== undefined);
    if (found === undefined) {
      this.#tellMissing(path);
      return whole;
    }
    // Should gdb be gone by now, nobody asks for sources any more.
    this.#take(mappingOf(path, found)).catch(() => undefined);
    return found;
  }

  async #find(path: string): Promise<string | undefined> {
    if (await this.#gdb.knows(path)) return undefined;
    const name = basename(path);
    const all = await this.#gdb.named(name);
    const candidates = (all ?? []).filter((each) => !existsSync(each) || isSame(each, path));
    const best = Math.max(0, ...candidates.map((each) => sharedEnd(each, path)));
    const fitting = candidates.filter((each) => sharedEnd(each, path) === best);
    const [only] = fitting;
    if (only !== undefined && fitting.length === 1) {
      const mapping = mappingOf(only, path);
      if (await this.#isLikely(mapping, only)) {
        await this.#take(mapping);
        if (await this.#gdb.knows(path)) return undefined;
      }
    }
    return this.#tell(whyNot(path, all));
  }

  /** Other files of the program that would move along have to be here as well, if there are any. */
  async #isLikely(mapping: Mapping, known: string): Promise<boolean> {
    const others = (await this.#gdb.below(mapping.from)).filter((each) => each !== known).slice(0, SAMPLES);
    if (others.length === 0) return true;
    return others.some((each) => {
      const there = apply(mapping, each);
      return there !== undefined && existsSync(there);
    });
  }

  async #take(mapping: Mapping): Promise<void> {
    if (this.#mappings.some(({ from }) => from === mapping.from)) return;
    this.#mappings.push(mapping);
    this.#say(
      t(
        'The program was built in {0}; its sources are taken from {1}. If that is wrong, set “sourceFileMap”.',
        mapping.from,
        mapping.to,
      ),
    );
    await this.#gdb.substitute(mapping);
  }

  /** One sentence is enough for all that was built in one place. */
  #tellMissing(path: string): void {
    const mapping = this.#mappingTo(path);
    const root = mapping?.to ?? this.#rootOf(path);
    if ([...this.#missing].some((each) => each === root || path.startsWith(`${each}/`))) return;
    this.#missing.add(root);
    this.#say(
      mapping === undefined
        ? t(
            'The program was built from {0}, which is not on this machine: set “sourceFileMap” to {1}.',
            path,
            example(root),
          )
        : t(
            'The program was built from {0}. “sourceFileMap” leads to {1}, and there is no such file.',
            `${mapping.from}${path.slice(mapping.to.length)}`,
            path,
          ),
    );
  }

  /** What a person said leads to that path: gdb names files as they are after that. */
  #mappingTo(path: string): Mapping | undefined {
    const pairs = this.#settings.sourceFileMap.map(([from, to]) => ({
      from: from.replace(/\/+$/, ''),
      to: to.replace(/\/+$/, ''),
    }));
    return pairs.find(({ to }) => path.startsWith(`${to}/`));
  }

  /** The folder below which all sources of the program are that are with this one. */
  #rootOf(path: string): string {
    const { own, all } = this.#gdb.names(path);
    if (own !== undefined && !isAbsolute(own) && path.endsWith(`/${own}`))
      return path.slice(0, -own.length - 1);
    // Named by its whole path, it is below the same folders as those that are not.
    const tops = new Set(
      all.filter((each) => !isAbsolute(each)).flatMap((each) => each.split('/').slice(0, -1)[0] ?? []),
    );
    const parts = path.split('/');
    const top = parts.findIndex((part, index) => index > 1 && tops.has(part));
    return top === -1 ? dirname(path) : parts.slice(0, top).join('/');
  }

  #tell(sentence: string): string {
    this.#say(sentence);
    return sentence;
  }
}

function whyNot(path: string, known: readonly string[] | undefined): string {
  const name = basename(path);
  const [first, ...more] = known ?? [];
  if (first === undefined)
    return t(
      'Nothing stops in {0}, since the program was not built from a file named {1}: set “program” to one that was.',
      path,
      name,
    );
  const { from, to } = mappingOf(first, path);
  const wanted = example(from, to);
  if (more.length === 0)
    return t(
      'The program knows {1}, not {0}: set “sourceFileMap” to {2}, or build it here.',
      path,
      first,
      wanted,
    );
  return more.length === 1
    ? t(
        'The program knows {1} and one more such file, not {0}: set “sourceFileMap” to {2}, or build it here.',
        path,
        first,
        wanted,
      )
    : t(
        'The program knows {1} and {3} more such files, not {0}: set “sourceFileMap” to {2}, or build it here.',
        path,
        first,
        wanted,
        more.length,
      );
}

function example(from: string, to = t('their folder here')): string {
  return `{ ${JSON.stringify(from)}: ${JSON.stringify(to)} }`;
}

/** How many names at their ends two paths have in common. */
export function sharedEnd(one: string, other: string): number {
  const [a, b] = [one.split('/').toReversed(), other.split('/').toReversed()];
  const difference = a.findIndex((part, index) => part !== b[index]);
  return difference === -1 ? a.length : difference;
}

/** The folders in which two paths differ. gdb takes no root for one. */
export function mappingOf(theirs: string, ours: string): Mapping {
  const shared = Math.min(sharedEnd(theirs, ours), theirs.split('/').length - 2, ours.split('/').length - 2);
  const start = (path: string) => {
    const parts = path.split('/');
    return parts.slice(0, parts.length - shared).join('/');
  };
  return { from: start(theirs), to: start(ours) };
}

/** The file in a folder that has the longest end of a path that is there. */
function underRoot(path: string, root: string): string | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.map((_, index) => join(root, ...parts.slice(index))).find((each) => existsSync(each));
}

function apply({ from, to }: Mapping, path: string): string | undefined {
  const folder = from.endsWith('/') ? from : `${from}/`;
  return path.startsWith(folder) ? join(to, path.slice(folder.length)) : undefined;
}

function isSame(one: string, other: string): boolean {
  try {
    return readFileSync(one).equals(readFileSync(other));
  } catch {
    // What cannot be read is nobody's copy.
    return false;
  }
}
