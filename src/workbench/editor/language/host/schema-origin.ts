import { Worker } from 'node:worker_threads';
import type { SchemaName } from '../../../../language/schema/kinds.ts';
import { Schema } from '../../../../language/schema/schema.ts';
import type { SchemaAnswer, SchemaQuestion } from './schema-worker.ts';

/** Schemas may come from anywhere: those that take longer to compile than this, or more memory, are not used. */
const TIMEOUT_MS = 30_000;
const MEMORY_MB = 256;

interface Options {
  readonly script: string;
  readonly onReady: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * One libvirt's schemas. They are compiled in a thread of their own, since that takes longer than anything may take in
 * the extension host.
 */
export class SchemaOrigin {
  readonly description: string;
  readonly #from: SchemaQuestion['from'];
  readonly #options: Options;
  readonly #has: (kind: SchemaName) => boolean;
  readonly #workers = new Set<Worker>();
  /** Undefined while a schema is being read, and when it cannot be read. */
  readonly #schemas = new Map<SchemaName, Schema | undefined>();

  constructor(
    description: string,
    from: SchemaQuestion['from'],
    has: (kind: SchemaName) => boolean,
    options: Options,
  ) {
    this.description = description;
    this.#from = from;
    this.#has = has;
    this.#options = options;
  }

  /** Undefined as long as it has not been read. */
  get(kind: SchemaName): Schema | undefined {
    if (!this.#schemas.has(kind)) this.#read(kind);
    return this.#schemas.get(kind);
  }

  dispose(): void {
    for (const worker of this.#workers) void worker.terminate();
  }

  #read(kind: SchemaName): void {
    this.#schemas.set(kind, undefined);
    if (!this.#has(kind)) return;
    const workerData: SchemaQuestion = { from: this.#from, kind };
    const resourceLimits = { maxOldGenerationSizeMb: MEMORY_MB };
    const worker = new Worker(this.#options.script, { workerData, resourceLimits });
    this.#workers.add(worker);
    const timer = setTimeout(() => {
      void worker.terminate();
      // not for people: it goes to the log
      this.#options.onError(new Error(`${this.description}: that of ${kind} takes too long`));
    }, TIMEOUT_MS);
    worker.once('message', (answer: SchemaAnswer) => {
      this.#schemas.set(kind, new Schema(answer));
      this.#options.onReady();
    });
    worker.once('error', this.#options.onError);
    worker.once('exit', () => {
      clearTimeout(timer);
      this.#workers.delete(worker);
    });
  }
}
