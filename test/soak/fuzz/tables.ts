import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Codec } from '../../../src/client/rpc/codec.ts';
import type { EventMessage, Procedure } from '../../../src/client/rpc/procedure.ts';

/** Everything that the protocol tables of the client describe. */
export interface Tables {
  readonly procedures: readonly Procedure<unknown, unknown>[];
  readonly events: readonly EventMessage<unknown>[];
  /** Every codec there is: of arguments, results, events, and the shared ones. */
  readonly codecs: readonly NamedCodec[];
}

export interface NamedCodec {
  readonly name: string;
  readonly codec: Codec<unknown>;
}

const rpcFolder = join(import.meta.dirname, '../../../src/client/rpc');

/** Imports whatever tables there are, so that a new one is tested without being named here. */
export async function loadTables(): Promise<Tables> {
  const procedures: Procedure<unknown, unknown>[] = [];
  const events: EventMessage<unknown>[] = [];
  const codecs: NamedCodec[] = [];
  const files = (await readdir(join(rpcFolder, 'procedures'))).map((file) => join('procedures', file));
  for (const file of ['types.ts', ...files.filter((name) => name.endsWith('.ts')).toSorted()]) {
    const exported: Record<string, unknown> = await import(join(rpcFolder, file));
    for (const [name, value] of Object.entries(exported)) {
      if (isCodec(value)) codecs.push({ name, codec: value });
      else if (isProcedure(value)) procedures.push(value);
      else if (isEvent(value)) events.push(value);
    }
  }
  for (const { name, args, result } of procedures)
    codecs.push({ name: `${name} arguments`, codec: args }, { name: `${name} result`, codec: result });
  for (const { name, body } of events) codecs.push({ name, codec: body });
  return { procedures, events, codecs };
}

function has(value: unknown, ...keys: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && keys.every((key) => key in value);
}

function isCodec(value: unknown): value is Codec<unknown> {
  return has(value, 'read', 'write', 'minBytes');
}

function isProcedure(value: unknown): value is Procedure<unknown, unknown> {
  return has(value, 'program', 'number', 'name', 'args', 'result');
}

function isEvent(value: unknown): value is EventMessage<unknown> {
  return has(value, 'program', 'number', 'name', 'body');
}
