import { t } from '@vscode/l10n';
import * as vscode from 'vscode';
import { DomainTarget } from '../../model/inventory/domain-target.ts';
import type { Inventory } from '../../model/inventory/inventory.ts';
import { titleOf } from '../ui/commands.ts';
import { quoted } from '../ui/names.ts';
import { warn } from '../ui/notices.ts';

/** What can be done with a guest that panicked. */
interface Actions {
  debug(target: DomainTarget): Promise<void>;
  dumpMemory(target: DomainTarget): Promise<void>;
}

/** How many offers nobody has answered yet: a host may say of thousands that they panicked. The tree shows them all. */
const OPEN_MAX = 10;

/**
 * Offers to look into a guest whose system panicked, while it is kept as it was (`on_crash` preserve, with a panic
 * device). It offers once for each panic, and not when a debugger is attached.
 */
export function watchForCrashes(
  inventory: Inventory,
  isDebugged: (target: DomainTarget) => boolean,
  actions: Actions,
): vscode.Disposable {
  const crashed = new Set<string>();
  let open = 0;
  const offerOne = async (target: DomainTarget) => {
    if (isDebugged(target) || open >= OPEN_MAX) return;
    open += 1;
    await offer(target, actions).finally(() => (open -= 1));
  };
  const stop = inventory.onChange((change) => {
    if (change.kind !== 'host' || change.change.kind !== 'objects' || change.change.of !== 'domain') return;
    for (const uuid of [...change.change.changed, ...change.change.removed]) {
      const target = new DomainTarget(change.host, uuid);
      if (target.record?.state !== 'crashed') crashed.delete(target.id);
      else if (!crashed.has(target.id)) {
        crashed.add(target.id);
        void offerOne(target);
      }
    }
  });
  return new vscode.Disposable(stop);
}

async function offer(target: DomainTarget, actions: Actions): Promise<void> {
  const [debug, dump] = [titleOf('kvm.domain.debug'), titleOf('kvm.domain.dumpMemory')];
  const name = quoted(target.name);
  const choice = await warn(t('{0} panicked. It is kept as it was at that moment.', name), debug, dump);
  if (choice === debug) await actions.debug(target);
  if (choice === dump) await actions.dumpMemory(target);
}
