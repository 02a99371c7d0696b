import type * as vscode from 'vscode';
import type { Kind, KindName } from '../../../model/inventory/kinds/kind.ts';
import { ObjectTarget } from '../../../model/inventory/object-target.ts';
import type { CommandId } from '../../manifest/commands.ts';
import { entriesOf, register, titleOf } from '../../ui/commands.ts';
import type { CommandContext } from '../context.ts';
import { ACTIONS } from './actions.ts';

/** Inline button, context menu, multi-selection and palette all end in the same function. */
export function registerObjectCommands(context: CommandContext): readonly vscode.Disposable[] {
  const create = register('kvm.pool.create', async (argument) =>
    (await import('../pool/create.ts')).createPoolOn(context, argument),
  );
  const verbs = entriesOf(ACTIONS).map(([id, [kind, action]]) =>
    register(id, async (...args) => {
      const [{ VERBS }, { kindOf }] = await Promise.all([
        import('./verbs.ts'),
        import('../../../model/inventory/kinds/kinds.ts'),
      ]);
      const targets = await targetsOf(context, id, kindOf(kind), action, args);
      if (targets.length > 0) await VERBS[`${kind} ${action}` as keyof typeof VERBS](context, targets);
    }),
  );
  return [create, ...verbs];
}

/** VS Code passes the item that was clicked, then the whole selection when that item is part of it. */
async function targetsOf(
  context: CommandContext,
  id: CommandId,
  kind: Kind,
  action: string,
  [clicked, selected]: readonly unknown[],
): Promise<readonly ObjectTarget[]> {
  const chosen = (Array.isArray(selected) ? (selected as readonly unknown[]) : [clicked]).flatMap(
    (node) => targetIn(node, kind.name) ?? [],
  );
  if (chosen.length > 0) return chosen;
  const { chooseObject } = await import('./choose-objects.ts');
  const target = await chooseObject(context, kind, action, titleOf(id));
  return target === undefined ? [] : [target];
}

/** A node of the tree has the object that it stands for. */
function targetIn(node: unknown, kind: KindName): ObjectTarget | undefined {
  const target = typeof node === 'object' && node !== null && 'target' in node ? node.target : node;
  return target instanceof ObjectTarget && target.name.kind === kind ? target : undefined;
}
