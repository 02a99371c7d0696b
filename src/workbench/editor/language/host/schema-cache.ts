import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../../../../model/files/replace-file.ts';

/** The schemas of another machine, as that version of libvirt installed them. */
export interface CachedSchemas {
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
}

/** All schemas of a host together; libvirt's own are less than half a megabyte. */
export const MAX_SCHEMA_BYTES = 4 * 1024 * 1024;

/** Keeps the schemas of other machines over restarts, separately for each: no host decides on another's schemas. */
export class SchemaCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined when there is nothing, or nothing that can be used. */
  async read(hostId: string): Promise<CachedSchemas | undefined> {
    const text = await readFile(this.#file(hostId), 'utf8').catch(() => '');
    if (text === '' || text.length > 2 * MAX_SCHEMA_BYTES) return undefined;
    try {
      const kept = JSON.parse(text) as Partial<CachedSchemas>;
      const { version, files } = kept;
      const isWhole =
        typeof version === 'string' &&
        typeof files === 'object' &&
        Object.values(files).every((file) => typeof file === 'string');
      return isWhole ? { version, files } : undefined;
    } catch {
      return undefined;
    }
  }

  async write(hostId: string, schemas: CachedSchemas): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeWhole(this.#file(hostId), JSON.stringify(schemas), { mode: 0o600 });
  }

  #file(hostId: string): string {
    return join(this.#folder, `${createHash('sha256').update(hostId).digest('hex').slice(0, 32)}.json`);
  }
}
