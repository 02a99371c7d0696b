import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import type { Host } from '../../../inventory/host.ts';
import type { CompiledSchema } from '../../../schema/grammar.ts';
import type { SchemaName } from '../../../schema/kinds.ts';
import { Schema } from '../../../schema/schema.ts';
import { parseUri } from '../../../transport/uri.ts';
import type { SchemaAnswer, SchemaQuestion } from './schema-worker.ts';

const LOCAL_SCHEMAS = '/usr/share/libvirt/schemas';

/**
 * The schemas that the libvirt of this machine has installed, for documents of its hosts. They are compiled in a
 * thread of their own, since that takes longer than anything may take in the extension host.
 */
export class HostSchemas implements vscode.Disposable {
  readonly description = `Schemas of the installed libvirt (${LOCAL_SCHEMAS})`;
  readonly onDidChange: vscode.Event<void>;
  readonly #script: string;
  readonly #onError: (error: unknown) => void;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #workers = new Set<Worker>();
  /** Undefined while they are being read, and for those that cannot be. */
  readonly #schemas = new Map<SchemaName, Schema | undefined>();

  constructor(script: string, onError: (error: unknown) => void) {
    this.#script = script;
    this.#onError = onError;
    this.onDidChange = this.#changed.event;
  }

  /** Undefined for hosts elsewhere, and as long as the schema has not been read. */
  get(kind: SchemaName, host: Host | undefined): Schema | undefined {
    if (host === undefined || !isLocal(host)) return undefined;
    if (!this.#schemas.has(kind)) this.#read(kind);
    return this.#schemas.get(kind);
  }

  dispose(): void {
    for (const worker of this.#workers) void worker.terminate();
    this.#changed.dispose();
  }

  #read(kind: SchemaName): void {
    this.#schemas.set(kind, undefined);
    if (!existsSync(join(LOCAL_SCHEMAS, `${kind}.rng`))) return;
    const question: SchemaQuestion = { folder: LOCAL_SCHEMAS, kind };
    const worker = new Worker(this.#script, { workerData: question });
    this.#workers.add(worker);
    worker.once('message', (answer: SchemaAnswer) => this.#take(kind, answer));
    worker.once('error', this.#onError);
    worker.once('exit', () => this.#workers.delete(worker));
  }

  #take(kind: SchemaName, answer: CompiledSchema): void {
    this.#schemas.set(kind, new Schema(answer));
    this.#changed.fire();
  }
}

function isLocal(host: Host): boolean {
  try {
    const { transport, host: machine } = parseUri(host.definition.uri);
    return (transport === undefined || transport === 'unix') && (machine === undefined || machine === '');
  } catch {
    return false;
  }
}
