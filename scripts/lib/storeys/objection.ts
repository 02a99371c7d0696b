import { posix } from 'node:path';
import { mayImport, roomOf, storeyOf, VSCODE } from './table.ts';

/** Schemas are made outside of `src`, and read by those who know their language. */
const DATA = /\.json$/;

/**
 * Why a file may not import what it does, as a sentence; undefined when it may. `file` is a path in `src` with slashes,
 * `specifier` what its import says.
 */
export function objection(file: string, specifier: string): string | undefined {
  const room = roomOf(file);
  if (room === undefined) return `src/${file} is in no room of scripts/lib/storeys/table.ts.`;
  const target = targetOf(file, specifier);
  if (target === undefined) return undefined;
  const allowed = mayImport[room] ?? [];
  if (target === room || allowed.includes(target) || allowed.includes(storeyOf(target))) return undefined;
  const list = allowed.length === 0 ? 'nothing else of ours' : allowed.join(', ');
  return `src/${room} may not import ${target}. It may import ${list}: see scripts/lib/storeys/table.ts.`;
}

/** The room that an import leads to; undefined for packages, and data that is no code. */
function targetOf(file: string, specifier: string): string | undefined {
  if (specifier === VSCODE) return VSCODE;
  if (!specifier.startsWith('.') || DATA.test(specifier)) return undefined;
  const path = posix.join(posix.dirname(file), specifier);
  return roomOf(path) ?? (path.startsWith('../') ? `what is outside of src (${specifier})` : path);
}
