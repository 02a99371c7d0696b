import * as vscode from 'vscode';
import { type DomainAction, isPossible } from '../../inventory/domain-actions.ts';
import { DomainTarget } from '../../inventory/domain-target.ts';
import { quoted } from '../../ui/names.ts';
import type { CommandContext } from '../context.ts';
import { copyNames, copyUuids, copyXml } from './copy.ts';
import { disableAutostart } from './disable-autostart.ts';
import { discardManagedSave } from './discard-managed-save.ts';
import { enableAutostart } from './enable-autostart.ts';
import { forceOffDomains } from './force-off.ts';
import { managedSave } from './managed-save.ts';
import { pickDomains } from './pick-domains.ts';
import { rebootDomains } from './reboot.ts';
import { renameDomain } from './rename.ts';
import { resetDomains } from './reset.ts';
import { resumeDomains } from './resume.ts';
import { showXml } from './show-xml.ts';
import { shutdownDomains } from './shutdown.ts';
import { startPaused } from './start-paused.ts';
import { startDomains } from './start.ts';
import { suspendDomains } from './suspend.ts';
import { undefineDomains } from './undefine.ts';

type DomainCommand = (context: CommandContext, targets: readonly DomainTarget[]) => Promise<void>;

interface Entry {
  readonly run: DomainCommand;
  /** For the quick pick: what will be done with the domains. */
  readonly title: string;
  /** Takes one domain only. */
  readonly single?: true;
}

/** Every verb of a domain. Its command is `kvm.domain.<action>`; the action's rule decides when it is offered. */
const COMMANDS: Record<DomainAction, Entry> = {
  start: { run: startDomains, title: 'Start' },
  startPaused: { run: startPaused, title: 'Start Paused' },
  shutdown: { run: shutdownDomains, title: 'Shut Down' },
  reboot: { run: rebootDomains, title: 'Reboot' },
  reset: { run: resetDomains, title: 'Reset' },
  forceOff: { run: forceOffDomains, title: 'Force Off' },
  suspend: { run: suspendDomains, title: 'Suspend' },
  resume: { run: resumeDomains, title: 'Resume' },
  managedSave: { run: managedSave, title: 'Managed Save' },
  discardManagedSave: { run: discardManagedSave, title: 'Discard Saved State' },
  enableAutostart: { run: enableAutostart, title: 'Enable Autostart' },
  disableAutostart: { run: disableAutostart, title: 'Disable Autostart' },
  rename: { run: renameDomain, title: 'Rename', single: true },
  undefine: { run: undefineDomains, title: 'Undefine' },
  showXml: { run: showXml, title: 'Show XML' },
  copyName: { run: copyNames, title: 'Copy Name' },
  copyUuid: { run: copyUuids, title: 'Copy UUID' },
  copyXml: { run: copyXml, title: 'Copy XML' },
};

/** Inline button, context menu, multi-selection and palette all end in the same function. */
export function registerDomainCommands(
  context: CommandContext,
  selection: () => readonly unknown[],
): readonly vscode.Disposable[] {
  return Object.entries(COMMANDS).map(([action, entry]) =>
    vscode.commands.registerCommand(`kvm.domain.${action}`, async (...args: unknown[]) => {
      const targets = await targetsOf(context, action as DomainAction, entry, args, selection());
      if (targets.length > 0) await entry.run(context, targets);
    }),
  );
}

/** VS Code passes the item that was clicked, then the whole selection when that item is part of it. */
async function targetsOf(
  context: CommandContext,
  action: DomainAction,
  { single, title }: Entry,
  [clicked, selected]: readonly unknown[],
  selection: readonly unknown[],
): Promise<readonly DomainTarget[]> {
  const many = single === undefined;
  if (clicked === undefined) {
    const question = { title: `${title}: Which Domain?`, action, many, selected: domainsIn(selection) };
    return pickDomains(context, question);
  }
  const given = domainsIn(many && Array.isArray(selected) ? selected : [clicked]);
  const possible = given.filter(({ record }) => record !== undefined && isPossible(action, record));
  if (possible.length === 0) await sayImpossible(title, given);
  return possible;
}

function domainsIn(nodes: readonly unknown[]): readonly DomainTarget[] {
  return nodes.filter((node) => node instanceof DomainTarget);
}

/** Between the menu and the click, a domain may have changed or gone. */
async function sayImpossible(title: string, given: readonly DomainTarget[]): Promise<void> {
  const [first] = given;
  const who =
    given.length === 1 && first !== undefined ? quoted(first.record?.name ?? first.uuid) : 'The selection';
  const gone = given.every(({ record }) => record === undefined);
  const why = gone ? 'is no longer there' : 'is not in a state for that any more';
  await vscode.window.showInformationMessage(`${title}: ${who} ${why}.`);
}
