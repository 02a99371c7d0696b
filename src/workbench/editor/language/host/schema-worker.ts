import { parentPort, workerData } from 'node:worker_threads';
import { SchemaError, type CompiledSchema } from '../../../../language/schema/grammar.ts';
import type { SchemaName } from '../../../../language/schema/kinds.ts';
import { relaxngFiles, relaxngFolder } from '../../../../language/schema/schema-set.ts';
import { Schema } from '../../../../language/schema/schema.ts';
import { elementLeaves } from '../../../../language/schema/survey.ts';

export interface SchemaQuestion {
  /** A folder of this machine, or files that were read from another. */
  readonly from: { readonly folder: string } | { readonly files: Readonly<Record<string, string>> };
  readonly kind: SchemaName;
}

export type SchemaAnswer = CompiledSchema;

/** libvirt's largest has some thousands. */
const MAX_NODES = 100_000;

const { from, kind } = workerData as SchemaQuestion;
const source = 'folder' in from ? relaxngFolder(from.folder) : relaxngFiles(from.files);
const answer: SchemaAnswer = source.compiled(kind);
if (answer.nodes.length > MAX_NODES) throw new SchemaError(`The schema of ${kind} is too large`);
tryOut(new Schema(answer));
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
parentPort?.postMessage(answer);

/** Reads every part of the schema, so that a fault in it shows here and not while somebody types. */
function tryOut(schema: Schema): void {
  const waiting = [...elementLeaves(schema.start)];
  const seen = new Set(waiting);
  for (let leaf = waiting.pop(); leaf !== undefined; leaf = waiting.pop())
    for (const inner of elementLeaves(schema.content(leaf)))
      if (!seen.has(inner)) {
        seen.add(inner);
        waiting.push(inner);
      }
}
