import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SchemaError, type CompiledSchema } from './grammar.ts';
import { schemaNameOf, type DocumentKind, type SchemaName } from './kinds.ts';
import { loadSchema } from './load.ts';
import { Schema } from './schema.ts';

/** Where schemas come from. */
export interface SchemaSource {
  /** For a person: “libvirt 9.0.0 on host build”. */
  readonly description: string;
  /** @throws SchemaError when there is no such schema, or it cannot be used */
  readonly compiled: (name: SchemaName) => CompiledSchema;
}

/** Schemas as libvirt installs them. `read` gives a file of the folder by its name, as `domain.rng`. */
function relaxngSource(description: string, read: (file: string) => string): SchemaSource {
  return { description, compiled: (name) => loadSchema(`${name}.rng`, (file) => readOrExplain(file, read)) };
}

/** A folder of `.rng` files on this machine, such as /usr/share/libvirt/schemas. */
export function relaxngFolder(folder: string): SchemaSource {
  return relaxngSource(folder, (file) => readFileSync(join(folder, file), 'utf8'));
}

/** `.rng` files that were read from somewhere else, by their names. */
export function relaxngFiles(files: Readonly<Record<string, string>>): SchemaSource {
  return relaxngSource('files', (name) => {
    const text = Object.hasOwn(files, name) ? files[name] : undefined;
    if (text === undefined) throw new SchemaError(`There is no schema file ${name}`);
    return text;
  });
}

/** A folder of schemas that were compiled when the extension was packaged. */
export function compiledFolder(folder: string, description: string): SchemaSource {
  return {
    description,
    compiled: (name) =>
      JSON.parse(
        readOrExplain(`${name}.json`, (file) => readFileSync(join(folder, file), 'utf8')),
      ) as CompiledSchema,
  };
}

function readOrExplain(file: string, read: (file: string) => string): string {
  try {
    return read(file);
  } catch (error) {
    throw new SchemaError(`The schema file ${file} cannot be read`, { cause: error });
  }
}

/** What `<devices>` holds that is no device. */
const NO_DEVICES: ReadonlySet<string> = new Set(['emulator']);

/** The schema of a kind of document, out of the one that it is in. */
export function schemaOfKind(
  get: (name: SchemaName) => Schema | undefined,
  kind: DocumentKind,
): Schema | undefined {
  const whole = get(schemaNameOf(kind));
  return kind === 'device' ? whole?.part('devices', NO_DEVICES) : whole;
}

/** The schemas of one source, each loaded when it is first asked for and kept. */
export class SchemaSet {
  readonly description: string;
  readonly #source: SchemaSource;
  readonly #loaded = new Map<SchemaName, Schema>();

  constructor(source: SchemaSource) {
    this.description = source.description;
    this.#source = source;
  }

  /** @throws SchemaError when there is no such schema, or it cannot be used */
  get(kind: DocumentKind): Schema {
    const schema = schemaOfKind((name) => this.#whole(name), kind);
    if (schema === undefined) throw new SchemaError('The schema of domains has no devices');
    return schema;
  }

  #whole(name: SchemaName): Schema {
    let schema = this.#loaded.get(name);
    if (schema === undefined) {
      schema = new Schema(this.#source.compiled(name));
      this.#loaded.set(name, schema);
    }
    return schema;
  }
}
