import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import type { Host } from '../../../../model/inventory/host.ts';
import { isThisMachine } from '../../../../model/inventory/place.ts';
import type { SchemaName } from '../../../../language/schema/kinds.ts';
import type { Schema } from '../../../../language/schema/schema.ts';
import { displayName } from '../../../ui/names.ts';
import { parseUri, transportOf } from '../../../../client/transport/uri.ts';
import { type CachedSchemas, MAX_SCHEMA_BYTES, SchemaCache } from './schema-cache.ts';
import { SchemaOrigin } from './schema-origin.ts';

/** Where libvirt installs its schemas, on every host. */
const SCHEMA_FOLDER = '/usr/share/libvirt/schemas';
const TIMEOUT_MS = 30_000;
const AWAY = 'away';

export interface HostSchemasOptions {
  /** The bundle of schema-worker. */
  readonly script: string;
  /** A folder of ours, for the schemas of hosts elsewhere. */
  readonly cache: string;
  readonly onError: (error: unknown, of: string) => void;
}

/** What is known of a host elsewhere. */
interface Remote {
  origin: SchemaOrigin | undefined;
  /** Of which version of libvirt. */
  version: string | undefined;
  /** The version that was last asked for, or `AWAY`. */
  asked: string | undefined;
}

/**
 * The schemas that hosts have installed: this machine's from its disk, those of a host elsewhere over its ssh connection,
 * read again when it has another version of libvirt. It connects to no host for this.
 */
export class HostSchemas implements vscode.Disposable {
  readonly onDidChange: vscode.Event<void>;
  readonly #options: HostSchemasOptions;
  readonly #cache: SchemaCache;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #abort = new AbortController();
  readonly #remotes = new Map<Host, Remote>();
  #local: SchemaOrigin | undefined;

  constructor(options: HostSchemasOptions) {
    this.#options = options;
    this.#cache = new SchemaCache(options.cache);
    this.onDidChange = this.#changed.event;
  }

  /** Undefined for hosts whose files cannot be reached, and as long as the schema has not been read. */
  get(kind: SchemaName, host: Host | undefined): Schema | undefined {
    return this.#originOf(host)?.get(kind);
  }

  /** Which schemas they are, for a person. */
  describe(host: Host | undefined): string | undefined {
    return this.#originOf(host)?.description;
  }

  dispose(): void {
    this.#abort.abort();
    this.#local?.dispose();
    for (const { origin } of this.#remotes.values()) origin?.dispose();
    this.#changed.dispose();
  }

  #originOf(host: Host | undefined): SchemaOrigin | undefined {
    const way = host === undefined ? undefined : wayTo(host);
    if (host === undefined || way === undefined) return undefined;
    if (way === 'local') return (this.#local ??= this.#makeLocal());
    let remote = this.#remotes.get(host);
    if (remote === undefined)
      this.#remotes.set(host, (remote = { origin: undefined, version: undefined, asked: undefined }));
    void this.#ask(host, remote);
    return remote.origin;
  }

  #makeLocal(): SchemaOrigin {
    return new SchemaOrigin(
      t('Schemas of the installed libvirt ({0})', SCHEMA_FOLDER),
      { folder: SCHEMA_FOLDER },
      (kind) => existsSync(join(SCHEMA_FOLDER, `${kind}.rng`)),
      // not for people: the log says it
      this.#workOf('the local libvirt'),
    );
  }

  #workOf(of: string): ConstructorParameters<typeof SchemaOrigin>[3] {
    const { script, onError } = this.#options;
    return { script, onReady: () => this.#changed.fire(), onError: (error) => onError(error, of) };
  }

  /** Asks once for each version. Of a host that is away, the schemas kept from before are used. */
  async #ask(host: Host, remote: Remote): Promise<void> {
    const version = host.status.kind === 'connected' ? host.status.facts.libVersion : undefined;
    const asked = version ?? AWAY;
    if (remote.asked === asked || (version === undefined && remote.asked !== undefined)) return;
    remote.asked = asked;
    try {
      const kept = await this.#cache.read(host.id);
      const isCurrent = version === undefined || kept?.version === version;
      const schemas = isCurrent ? kept : await this.#fetch(host, version);
      if (schemas === undefined || schemas.version === remote.version || this.#abort.signal.aborted) return;
      remote.origin?.dispose();
      remote.version = schemas.version;
      remote.origin = this.#makeRemote(host, schemas);
      this.#changed.fire();
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#options.onError(error, host.name);
    }
  }

  async #fetch(host: Host, version: string): Promise<CachedSchemas> {
    const connection = await host.connect();
    const query = { folder: SCHEMA_FOLDER, ending: '.rng', maxBytes: MAX_SCHEMA_BYTES };
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const files = Object.fromEntries(await connection.readHostFolder(query, signal));
    const schemas = { version, files };
    await this.#cache.write(host.id, schemas);
    return schemas;
  }

  #makeRemote(host: Host, { version, files }: CachedSchemas): SchemaOrigin {
    return new SchemaOrigin(
      t('Schemas of libvirt {0} on {1}', version, displayName(host.name)),
      { files },
      (kind) => Object.hasOwn(files, `${kind}.rng`),
      this.#workOf(host.name),
    );
  }
}

/** How a host's files can be reached, if at all. */
function wayTo({ id }: Host): 'local' | 'ssh' | undefined {
  if (isThisMachine(id)) return 'local';
  return isOverSsh(id) ? 'ssh' : undefined;
}

function isOverSsh(uri: string): boolean {
  try {
    return transportOf(parseUri(uri)) === 'ssh';
  } catch {
    return false;
  }
}
