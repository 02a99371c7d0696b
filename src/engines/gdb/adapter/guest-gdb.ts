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

/** Has the last word on a breakpoint. @throws Error that says why there is none, for the person. */
export type BreakpointAdvice = (
  location: MIBreakpointLocation,
  options: MIBreakpointInsertOptions,
) => Promise<MIBreakpointInsertOptions>;

interface FileList {
  readonly files: readonly { readonly file: string; readonly fullname?: string }[];
}

/** gdb, as the library drives it, with what we ask of it besides. */
export class GuestGdb extends GDBBackend implements SourceQuestions {
  readonly #advice: BreakpointAdvice;

  constructor(manager: IGDBProcessManager, name: string | undefined, advice: BreakpointAdvice) {
    super(manager, name);
    this.#advice = advice;
  }

  override getBreakpointOptions(
    location: MIBreakpointLocation,
    options: MIBreakpointInsertOptions,
  ): Promise<MIBreakpointInsertOptions> {
    return this.#advice(location, options);
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
  readonly #advice: BreakpointAdvice;

  constructor(version: () => string | undefined, advice: BreakpointAdvice) {
    super();
    this.#version = version;
    this.#advice = advice;
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
    return Promise.resolve(new GuestGdb(manager, name, this.#advice));
  }
}
