import { t } from '@vscode/l10n';
import type * as vscode from 'vscode';
import { type DomainAction, isPossible } from '../../../model/inventory/kinds/domain-actions.ts';
import { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandsOf } from '../../manifest/commands.ts';
import { entriesOf, register } from '../../ui/commands.ts';
import { quoted } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import type { Verb } from './verbs.ts';
import { inform } from '../../ui/notices.ts';

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

/** Inline button, context menu, multi-selection and palette all end in the same function. */
export function registerDomainCommands(
  context: CommandContext,
  selection: () => readonly unknown[],
): readonly vscode.Disposable[] {
  return entriesOf(ACTIONS).map(([id, action]) =>
    register(id, async (...args) => {
      const verb = await verbOf(action);
      const targets = await targetsOf(context, action, verb, args, selection());
      if (targets.length > 0) await verb.run(context, targets);
    }),
  );
}

/** The same for other faces, which have the domain at hand. */
export async function runOnDomain(
  context: CommandContext,
  action: DomainAction,
  target: DomainTarget,
): Promise<void> {
  const targets = await possibleWith(action, [target]);
  if (targets.length > 0) await (await verbOf(action)).run(context, targets);
}

/** Loaded with the first command: an editor that only starts has no use for them. */
async function verbOf(action: DomainAction): Promise<Verb> {
  return (await import('./verbs.ts')).VERBS[action];
}

/** VS Code passes the item that was clicked, then the whole selection when that item is part of it. */
async function targetsOf(
  context: CommandContext,
  action: DomainAction,
  { single, question }: Verb,
  [clicked, selected]: readonly unknown[],
  selection: readonly unknown[],
): Promise<readonly DomainTarget[]> {
  const many = single === undefined;
  if (clicked === undefined) {
    const { pickDomains } = await import('./pick-domains.ts');
    return pickDomains(context, { title: question(), action, many, selected: domainsIn(selection) });
  }
  return possibleWith(action, domainsIn(many && Array.isArray(selected) ? selected : [clicked]));
}

function domainsIn(nodes: readonly unknown[]): readonly DomainTarget[] {
  return nodes.filter((node) => node instanceof DomainTarget);
}

async function possibleWith(
  action: DomainAction,
  given: readonly DomainTarget[],
): Promise<readonly DomainTarget[]> {
  const possible = given.filter(({ record }) => record !== undefined && isPossible(action, record));
  if (possible.length === 0) await inform(whyImpossible(given));
  return possible;
}

/** Between the menu and the click, a domain may have changed or gone. */
function whyImpossible(given: readonly DomainTarget[]): string {
  const [first] = given;
  const gone = given.every(({ record }) => record === undefined);
  if (given.length !== 1 || first === undefined)
    return gone ? t('These domains are gone.') : t('None of these domains is in a state for that any more.');
  const name = quoted(first.record?.name ?? first.uuid);
  return gone ? t('{0} is gone.', name) : t('{0} is not in a state for that any more.', name);
}
