import { relative, sep } from 'node:path';

/** Ways of VS Code to show something, and who alone takes them since it makes what others say into text. */
const NOTICES = 'src/workbench/ui/notices.ts';
const FUNNELS = new Map([
  ['showInformationMessage', NOTICES],
  ['showWarningMessage', NOTICES],
  ['showErrorMessage', NOTICES],
  ['setStatusBarMessage', NOTICES],
  ['withProgress', NOTICES],
  ['showQuickPick', 'src/workbench/ui/choose.ts'],
]);

interface Node {
  readonly type: string;
  readonly name?: string;
  readonly value?: unknown;
}

interface Member {
  readonly property: Node;
}

interface Pattern {
  readonly properties: readonly (Node & { readonly key?: Node })[];
}

interface Context {
  readonly cwd: string;
  readonly filename: string;
  report(problem: { readonly node: Node; readonly message: string }): void;
}

function nameOf(node: Node | undefined): string | undefined {
  return node?.type === 'Literal' ? String(node.value) : node?.name;
}

/** Sees them called, handed on, taken out of `window` by name, and in whatever `window` is called. */
function create(context: Context) {
  const file = relative(context.cwd, context.filename).split(sep).join('/');
  if (!file.startsWith('src/')) return {};
  const look = (node: Node | undefined) => {
    const name = nameOf(node);
    const funnel = name === undefined ? undefined : FUNNELS.get(name);
    if (node === undefined || funnel === undefined || funnel === file) return;
    context.report({
      node,
      message: `${name} may render links, commands and icons in what others say: use what ${funnel} has.`,
    });
  };
  return {
    MemberExpression: ({ property }: Member) => look(property),
    ObjectPattern: ({ properties }: Pattern) => {
      for (const { key } of properties) look(key);
    },
  };
}

/** The rule `notices/funnel` for the linter: what daemons, guests and files say comes up as text only. */
const plugin = { meta: { name: 'notices' }, rules: { funnel: { create } } };
export default plugin;
