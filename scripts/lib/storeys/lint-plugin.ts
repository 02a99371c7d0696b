import { relative, sep } from 'node:path';
import { objection } from './objection.ts';

interface Node {
  readonly type: string;
}

interface StringNode extends Node {
  readonly value: string;
}

interface Importing {
  readonly source?: Node | null;
}

interface Call {
  readonly callee: Node & { readonly name?: string };
  readonly arguments: readonly Node[];
}

interface Context {
  readonly cwd: string;
  readonly filename: string;
  report(problem: { readonly node: Node; readonly message: string }): void;
}

function isString(node: Node | null | undefined): node is StringNode {
  return node?.type === 'Literal' && 'value' in node && typeof node.value === 'string';
}

/** Sees every way to import: of values and of types, static and dynamic, re-exports, and `require`. */
function create(context: Context) {
  const [folder, ...path] = relative(context.cwd, context.filename).split(sep);
  if (folder !== 'src') return {};
  const look = (source: Node | null | undefined) => {
    if (!isString(source)) return;
    const message = objection(path.join('/'), source.value);
    if (message !== undefined) context.report({ node: source, message });
  };
  const fromSource = ({ source }: Importing) => look(source);
  return {
    ImportDeclaration: fromSource,
    ImportExpression: fromSource,
    ExportNamedDeclaration: fromSource,
    ExportAllDeclaration: fromSource,
    TSImportType: fromSource,
    TSExternalModuleReference: ({ expression }: { readonly expression: Node }) => look(expression),
    CallExpression: ({ callee, arguments: [first] }: Call) => {
      if (callee.name === 'require') look(first);
    },
  };
}

/** The rule `storeys/imports` for the linter: who may import whom. */
const plugin = { meta: { name: 'storeys' }, rules: { imports: { create } } };
export default plugin;
