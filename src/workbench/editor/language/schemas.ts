import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import type { Host } from '../../../model/inventory/host.ts';
import { SchemaError } from '../../../language/schema/grammar.ts';
import { type DocumentKind, schemaNameOf } from '../../../language/schema/kinds.ts';
import { compiledFolder, schemaOfKind, SchemaSet } from '../../../language/schema/schema-set.ts';
import type { Schema } from '../../../language/schema/schema.ts';
import type { Presenter } from '../../ui/presenter.ts';
import { HostSchemas } from './host/host-schemas.ts';

/** Chooses the schemas of a document: its host's own where they can be read, else those of this extension. */
export class Schemas implements vscode.Disposable {
  /** A host's own schemas have been read. */
  readonly onDidChange: vscode.Event<void>;
  readonly #presenter: Presenter;
  readonly #packaged: SchemaSet | undefined;
  readonly #ofHosts: HostSchemas;
  readonly #reported = new Set<string>();

  /** `dist` is the folder of the bundle, `storage` one for what outlives a restart. */
  constructor(dist: string, storage: string, presenter: Presenter) {
    this.#presenter = presenter;
    const folder = join(dist, 'schemas');
    if (existsSync(folder))
      this.#packaged = new SchemaSet(compiledFolder(folder, t('Schemas that came with KVM Workbench')));
    this.#ofHosts = new HostSchemas({
      script: join(dist, 'schema-worker.js'),
      cache: join(storage, 'schemas'),
      onError: (error, of) => presenter.background(`Could not read the schemas of ${of}`, error),
    });
    this.onDidChange = this.#ofHosts.onDidChange;
  }

  get(kind: DocumentKind, host: Host | undefined): Schema | undefined {
    return schemaOfKind((name) => this.#ofHosts.get(name, host), kind) ?? this.#fromPackage(kind);
  }

  /** Where the schema of a document comes from, for a person; undefined when there is none. */
  describe(kind: DocumentKind, host: Host | undefined): string | undefined {
    if (this.#ofHosts.get(schemaNameOf(kind), host) !== undefined) return this.#ofHosts.describe(host);
    return this.#fromPackage(kind) === undefined ? undefined : this.#packaged?.description;
  }

  dispose(): void {
    this.#ofHosts.dispose();
  }

  #fromPackage(kind: DocumentKind): Schema | undefined {
    try {
      return this.#packaged?.get(kind);
    } catch (error) {
      if (!(error instanceof SchemaError)) throw error;
      if (!this.#reported.has(kind)) this.#presenter.background(`There is no schema of ${kind}`, error);
      this.#reported.add(kind);
      return undefined;
    }
  }
}
