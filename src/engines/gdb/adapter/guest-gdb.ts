import {
  GDBBackend,
  type IGDBBackend,
  type IGDBProcessManager,
  type MIBreakpointInsertOptions,
  type MIBreakpointLocation,
} from 'cdt-gdb-adapter';
import { GDBBackendFactory } from 'cdt-gdb-adapter/dist/desktop/factories/GDBBackendFactory.js';
import { substitutePath } from '../gdb-command.ts';
import type { Mapping, SourceQuestions } from './source-paths.ts';

/** After that time of a look-up, gdb is reading symbols: what it knows it says at once. */
const READING_MS = 1500;
/** Commands in which it does so. */
const LOOKS_UP = /^(?:-(?:break-insert|data|file|stack|symbol|var)|add-symbol-file )/;

/** Has the last word on a breakpoint. @throws Error that says why there is none, for the person. */
export type BreakpointAdvice = (
  location: MIBreakpointLocation,
  options: MIBreakpointInsertOptions,
) => Promise<MIBreakpointInsertOptions>;

/** What a session hears of gdb besides answers. */
export interface GdbEvents {
  readonly advice: BreakpointAdvice;
  /** It reads symbols, or is done with that. */
  readonly onReading: (reading: boolean) => void;
}

interface FrameList {
  readonly stack?: readonly { readonly file?: string; readonly fullname?: string }[];
}

interface FileList {
  readonly files: readonly { readonly file: string; readonly fullname?: string }[];
}

/** gdb, as the library drives it, with what we ask of it besides. */
export class GuestGdb extends GDBBackend implements SourceQuestions {
  readonly #events: GdbEvents;
  /** A file as its line information names it, by its whole path. */
  readonly #names = new Map<string, string>();
  #lookUps = 0;
  #clock: NodeJS.Timeout | undefined;
  #isReading = false;

  constructor(manager: IGDBProcessManager, name: string | undefined, events: GdbEvents) {
    super(manager, name);
    this.#events = events;
  }

  override async sendCommand<T>(command: string): Promise<T> {
    const looksUp = LOOKS_UP.test(command);
    if (looksUp) this.#begin();
    try {
      const answer = await super.sendCommand<T>(command);
      if (command.startsWith('-stack-list-frames')) this.#learn(answer as FrameList);
      return answer;
    } finally {
      if (looksUp) this.#end();
    }
  }

  #begin(): void {
    if (this.#lookUps++ > 0) return;
    this.#clock = setTimeout(() => {
      this.#isReading = true;
      this.#events.onReading(true);
    }, READING_MS);
  }

  #end(): void {
    if (--this.#lookUps > 0) return;
    clearTimeout(this.#clock);
    if (!this.#isReading) return;
    this.#isReading = false;
    this.#events.onReading(false);
  }

  #learn({ stack = [] }: FrameList): void {
    for (const { file, fullname } of stack)
      if (file !== undefined && fullname !== undefined) this.#names.set(fullname, file);
  }

  override getBreakpointOptions(
    location: MIBreakpointLocation,
    options: MIBreakpointInsertOptions,
  ): Promise<MIBreakpointInsertOptions> {
    return this.#events.advice(location, options);
  }

  async knows(path: string): Promise<boolean> {
    try {
      await this.sendCommand(`-symbol-list-lines ${this.standardEscape(path)}`);
      return true;
    } catch {
      return false;
    }
  }

  async named(name: string): Promise<readonly string[] | undefined> {
    // Older than gdb 11, it lists all files or nothing.
    return this.#files('--basename', `^${pattern(name)}$`).catch(() => undefined);
  }

  async below(folder: string): Promise<readonly string[]> {
    const files = await this.#files('--dirname', `^${pattern(folder)}`);
    return files.filter((each) => each.startsWith(`${folder}/`));
  }

  /** The file of a frame, and all that were seen, as line information names them: from the folder of their build. */
  names(fullname: string): { readonly own: string | undefined; readonly all: readonly string[] } {
    return { own: this.#names.get(fullname), all: [...this.#names.values()] };
  }

  async substitute({ from, to }: Mapping): Promise<void> {
    await this.sendCommand(substitutePath(from, to));
  }

  async #files(part: '--basename' | '--dirname', regexp: string): Promise<readonly string[]> {
    const command = `-file-list-exec-source-files ${part} -- ${this.standardEscape(regexp)}`;
    const { files } = await this.sendCommand<FileList>(command);
    return [...new Set(files.map(({ file, fullname }) => fullname ?? file))];
  }
}

/** A regular expression for that text: what could mean something matches anything. */
function pattern(text: string): string {
  return text.replaceAll(/[^\w/-]/g, '.');
}

/** Makes gdb as the library does, and spares a start that only asks for its version: whoever chose it asked already. */
export class GuestGdbFactory extends GDBBackendFactory {
  readonly #version: () => string | undefined;
  readonly #events: GdbEvents;

  constructor(version: () => string | undefined, events: GdbEvents) {
    super();
    this.#version = version;
    this.#events = events;
  }

  override async createGDBManager(
    ...args: Parameters<GDBBackendFactory['createGDBManager']>
  ): Promise<IGDBProcessManager> {
    const manager: IGDBProcessManager & { gdbVersion?: string } = await super.createGDBManager(...args);
    const version = this.#version();
    if (version !== undefined && version !== '') manager.gdbVersion = version;
    return manager;
  }

  override createBackend(
    ...[, manager, , name]: Parameters<GDBBackendFactory['createBackend']>
  ): Promise<IGDBBackend> {
    return Promise.resolve(new GuestGdb(manager, name, this.#events));
  }
}
