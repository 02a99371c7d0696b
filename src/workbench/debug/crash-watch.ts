import * as vscode from 'vscode';
import { DomainTarget } from '../../model/inventory/domain-target.ts';
import type { Inventory } from '../../model/inventory/inventory.ts';
import { quoted } from '../ui/names.ts';

const DEBUG = 'Debug';
const DUMP = 'Dump Memory…';

/**
 * Offers to look into a guest whose system panicked, while it is kept as it was (`on_crash` preserve, with a panic
 * device). Once for each panic, and not where a debugger is attached anyway.
 */
export function watchForCrashes(
  inventory: Inventory,
  isDebugged: (target: DomainTarget) => boolean,
): vscode.Disposable {
  const crashed = new Set<string>();
  const stop = inventory.onChange((change) => {
    if (change.kind !== 'host' || change.change.kind !== 'objects' || change.change.of !== 'domain') return;
    for (const uuid of [...change.change.changed, ...change.change.removed]) {
      const target = new DomainTarget(change.host, uuid);
      if (target.record?.state !== 'crashed') crashed.delete(target.id);
      else if (!crashed.has(target.id)) {
        crashed.add(target.id);
        if (!isDebugged(target)) void offer(target);
      }
    }
  });
  return new vscode.Disposable(stop);
}

async function offer(target: DomainTarget): Promise<void> {
  const name = quoted(target.record?.name ?? target.uuid);
  const choice = await vscode.window.showWarningMessage(
    `${name} panicked, and is kept as it was at that moment.`,
    DEBUG,
    DUMP,
  );
  if (choice === DEBUG) await vscode.commands.executeCommand('kvm.domain.debug', target);
  if (choice === DUMP) await vscode.commands.executeCommand('kvm.domain.dumpMemory', target);
}
