/**
 * A RelaxNG schema taken down to its bones: includes, overrides, combinations and nested grammars are resolved,
 * the shorthands (`optional`, `mixed`, …) are spelt out, and equal parts are there once. It is plain JSON, and
 * what packaging keeps.
 */
export interface CompiledSchema {
  readonly format: typeof SCHEMA_FORMAT;
  readonly nodes: readonly GrammarNode[];
  /** The node of each definition; `ref` nodes name one by its place here. */
  readonly defines: readonly number[];
  readonly start: number;
}

/** Changes with the shape of `CompiledSchema`, so that nothing reads what an older version kept. */
export const SCHEMA_FORMAT = 1;

/** Numbers are places in `nodes`, but for `ref`. */
export type GrammarNode =
  | readonly ['empty' | 'text' | 'notAllowed']
  | readonly ['choice' | 'group' | 'interleave', ...number[]]
  | readonly ['oneOrMore' | 'list' | 'ref', number]
  | readonly ['attribute' | 'element', NameClass, number]
  | readonly ['value', type: string, value: string]
  | readonly [
      'data',
      type: string,
      facets: readonly (readonly [name: string, value: string])[],
      except: number | null,
    ];

/** A string is one expanded name: `local`, or `{namespace}local`. */
export type NameClass =
  | string
  | { readonly any: true; readonly except?: NameClass }
  | { readonly namespace: string; readonly except?: NameClass }
  | { readonly oneOf: readonly NameClass[] };

/** Whether a name class holds an expanded name. */
export function nameMatches(nameClass: NameClass, key: string): boolean {
  if (typeof nameClass === 'string') return nameClass === key;
  if ('oneOf' in nameClass) return nameClass.oneOf.some((each) => nameMatches(each, key));
  if ('namespace' in nameClass) {
    const { namespace } = nameClass;
    const inside = namespace === '' ? !key.startsWith('{') : key.startsWith(`{${namespace}}`);
    return inside && (nameClass.except === undefined || !nameMatches(nameClass.except, key));
  }
  return nameClass.except === undefined || !nameMatches(nameClass.except, key);
}

/** The names that a class lists one by one; wildcards add none. */
export function listedNames(nameClass: NameClass): readonly string[] {
  if (typeof nameClass === 'string') return [nameClass];
  return 'oneOf' in nameClass ? nameClass.oneOf.flatMap(listedNames) : [];
}

/** A schema that cannot be used: broken XML, a missing file or definition, something that is not RelaxNG. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}
