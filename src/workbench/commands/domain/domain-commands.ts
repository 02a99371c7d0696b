import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import { actionsOf, type DomainAction, isForMany } from '../../../model/inventory/kinds/domain-actions.ts';
import { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandId, CommandsOf } from '../../manifest/commands.ts';
import { FOCUSED } from '../../manifest/command.ts';
import { entriesOf, register, titleOf } from '../../ui/commands.ts';
import { quoted } from '../../ui/names.ts';
import { inform, tellBriefly } from '../../ui/notices.ts';
import type { CommandContext } from '../context.ts';
import { countOf } from './count.ts';
import type { Verb } from './verbs.ts';

type FileCommand = 'kvm.domain.create' | 'kvm.domain.define';

/** Each command is an action of the model, which says when it is possible; `VERBS` has what it does. */
const ACTIONS = {
  'kvm.domain.start': 'start',
  'kvm.domain.startWithConsole': 'startWithConsole',
  'kvm.domain.startPaused': 'startPaused',
  'kvm.domain.shutdown': 'shutdown',
  'kvm.domain.reboot': 'reboot',
  'kvm.domain.reset': 'reset',
  'kvm.domain.forceOff': 'forceOff',
  'kvm.domain.suspend': 'suspend',
  'kvm.domain.resume': 'resume',
  'kvm.domain.managedSave': 'managedSave',
  'kvm.domain.discardManagedSave': 'discardManagedSave',
  'kvm.domain.enableAutostart': 'enableAutostart',
  'kvm.domain.disableAutostart': 'disableAutostart',
  'kvm.domain.rename': 'rename',
  'kvm.domain.undefine': 'undefine',
  'kvm.domain.open': 'open',
  'kvm.domain.openConsole': 'openConsole',
  'kvm.domain.openDisplay': 'openDisplay',
  'kvm.domain.takeScreenshot': 'takeScreenshot',
  'kvm.domain.guestAgent': 'guestAgent',
  'kvm.domain.debug': 'debug',
  'kvm.domain.copyLaunchJson': 'copyLaunchJson',
  'kvm.domain.openMonitor': 'openMonitor',
  'kvm.domain.injectNmi': 'injectNmi',
  'kvm.domain.dumpMemory': 'dumpMemory',
  'kvm.domain.editXml': 'editXml',
  'kvm.domain.showLiveXml': 'showLiveXml',
  'kvm.domain.compareLive': 'compareLive',
  'kvm.domain.compareSnapshot': 'compareSnapshot',
  'kvm.domain.copyName': 'copyName',
  'kvm.domain.copyUuid': 'copyUuid',
  'kvm.domain.copyXml': 'copyXml',
} as const satisfies Readonly<Record<Exclude<CommandsOf<'kvm.domain'>, FileCommand>, DomainAction>>;

/** What is chosen in the tree. */
export interface DomainSelection {
  readonly selection: readonly unknown[];
  /** What a key is pressed on: the line with the focus, or all that are selected where those are several. */
  focused(): Promise<readonly unknown[]>;
}

/** Inline button, context menu, multi-selection and palette all end in the same function. */
export function registerDomainCommands(
  context: CommandContext,
  view: DomainSelection,
): readonly vscode.Disposable[] {
  return entriesOf(ACTIONS).map(([id, action]) =>
    register(id, async (...args) => {
      const verb = await verbOf(action);
      const { targets, selected } = await targetsOf(context, action, verb, args, view);
      if (targets.length === 0) return;
      if (targets.length === selected) await verb.run(context, targets);
      else await verb.run(tellSome(context, id, targets, selected), targets);
    }),
  );
}

/** The same for other faces, which have the domain at hand. */
export async function runOnDomain(
  context: CommandContext,
  action: DomainAction,
  target: DomainTarget,
): Promise<void> {
  const { targets } = await possibleWith(action, [target]);
  if (targets.length > 0) await (await verbOf(action)).run(context, targets);
}

/** Loaded with the first command: an editor that only starts has no use for them. */
async function verbOf(action: DomainAction): Promise<Verb> {
  return (await import('./verbs.ts')).VERBS[action];
}

/** What is done does not fit all that were selected: that is said at once, and where it asks. */
function tellSome(
  context: CommandContext,
  id: CommandId,
  targets: readonly DomainTarget[],
  selected: number,
): CommandContext {
  const some = { ...context, selected };
  tellBriefly(t('{0}: {1} domains', titleOf(id), countOf(some, targets)));
  return some;
}

interface Targets {
  readonly targets: readonly DomainTarget[];
  /** How many were chosen, those included that the action is not possible with. */
  readonly selected: number;
}

/** VS Code passes the item that was clicked, then the whole selection when that item is part of it. */
async function targetsOf(
  context: CommandContext,
  action: DomainAction,
  { question }: Verb,
  [clicked, selected]: readonly unknown[],
  view: DomainSelection,
): Promise<Targets> {
  const many = isForMany(action);
  if (clicked === undefined) {
    const { pickDomains } = await import('./pick-domains.ts');
    const targets = await pickDomains(context, {
      title: question(),
      action,
      many,
      selected: domainsIn(view.selection),
    });
    return { targets, selected: targets.length };
  }
  const nodes =
    clicked === FOCUSED
      ? await view.focused()
      : many && Array.isArray(selected)
        ? (selected as readonly unknown[])
        : [clicked];
  const domains = domainsIn(nodes);
  // The key was pressed on a line that is no domain.
  if (clicked === FOCUSED && domains.length === 0) return { targets: [], selected: 0 };
  return possibleWith(action, many ? domains : domains.slice(0, 1));
}

function domainsIn(nodes: readonly unknown[]): readonly DomainTarget[] {
  return nodes.filter((node) => node instanceof DomainTarget);
}

async function possibleWith(action: DomainAction, given: readonly DomainTarget[]): Promise<Targets> {
  const targets = given.filter(
    ({ isLost, record }) => record !== undefined && actionsOf(record, isLost).includes(action),
  );
  if (targets.length === 0) await inform(whyImpossible(given));
  return { targets, selected: given.length };
}

/** Between the menu and the click, a domain may have changed or gone. */
function whyImpossible(given: readonly DomainTarget[]): string {
  const [first] = given;
  const gone = given.every(({ record }) => record === undefined);
  if (given.length !== 1 || first === undefined)
    return gone
      ? t('These domains are gone.')
      : t('None of these domains is in a state for that any longer.');
  const name = quoted(first.name);
  if (gone) return t('{0} is gone.', name);
  return first.isLost
    ? t('{0} cannot be reached: the connection to {1} is lost.', name, quoted(first.host.name))
    : t('{0} is no longer in a state for that.', name);
}
