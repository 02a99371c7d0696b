import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'oxc-parser';

/** What each file imports of which others: of values and types, static and dynamic. Paths have slashes. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Reads the TypeScript files of some folders; packages are named as they are, files by their path in `base`. */
export function readImports(base: string, folders: readonly string[]): ImportGraph {
  const files = globSync(
    folders.map((folder) => `${folder}/**/*.ts`),
    { cwd: base },
  );
  return new Map(
    files.toSorted().map((file) => [file, importsOf(file, readFileSync(join(base, file), 'utf8'))]),
  );
}

/** @throws SyntaxError; and where a file imports what only its run knows. */
export function importsOf(file: string, text: string): string[] {
  const { module, errors } = parseSync(file, text);
  if (errors[0] !== undefined) throw new SyntaxError(`${file}: ${errors[0].message}`);
  const specifiers = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => written(text.slice(start, end))),
  ];
  const resolved = specifiers.map((specifier) =>
    specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier,
  );
  return [...new Set(resolved)];
}

/** A string between quotes; nothing for what is computed. */
function written(expression: string): readonly string[] {
  return /^(['"])(.*)\1$/su.exec(expression)?.slice(2) ?? [];
}
