import type { IGDBProcessManager } from 'cdt-gdb-adapter/dist/types/gdb.js';
import { GDBBackendFactory } from 'cdt-gdb-adapter/dist/desktop/factories/GDBBackendFactory.js';

type Arguments = Parameters<GDBBackendFactory['createGDBManager']>;

/** Spares a start of gdb that only asks for its version: whoever chose it asked already. */
export class KnownGdbFactory extends GDBBackendFactory {
  readonly #version: () => string | undefined;

  constructor(version: () => string | undefined) {
    super();
    this.#version = version;
  }

  override async createGDBManager(...args: Arguments): Promise<IGDBProcessManager> {
    const manager: IGDBProcessManager & { gdbVersion?: string } = await super.createGDBManager(...args);
    const version = this.#version();
    if (version !== undefined && version !== '') manager.gdbVersion = version;
    return manager;
  }
}
