import { parentPort, workerData } from 'node:worker_threads';
import type { CompiledSchema } from '../../../schema/grammar.ts';
import type { SchemaName } from '../../../schema/kinds.ts';
import { relaxngFolder } from '../../../schema/schema-set.ts';

export interface SchemaQuestion {
  readonly folder: string;
  readonly kind: SchemaName;
}

export type SchemaAnswer = CompiledSchema;

const { folder, kind } = workerData as SchemaQuestion;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
parentPort?.postMessage(relaxngFolder(folder).compiled(kind) satisfies SchemaAnswer);
