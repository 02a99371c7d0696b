import * as vscode from 'vscode';
import { DomainTarget } from '../../model/inventory/domain-target.ts';
import type { Inventory } from '../../model/inventory/inventory.ts';
import { isPausedForWork } from '../../model/inventory/kinds/domain-record.ts';

/** Asks what to do with a guest: settles when that is answered. */
interface Offers {
  /** It panicked, and nobody debugs it. */
  panicked(target: DomainTarget): Promise<void>;
  /** It is paused for some work of libvirt's, which nobody may be at any more. */
  paused(target: DomainTarget): Promise<void>;
}

/** How many offers nobody has answered yet: a host may say of thousands that they panicked. The tree shows them all. */
const OPEN_MAX = 10;

/**
 * Offers to look into a guest whose system panicked, while it is kept as it was (`on_crash` preserve, with a panic
 * device), and to let one go on that libvirt left paused. It offers once for each time, and nothing for a panic that is
 * being debugged.
 */
export function watchForCrashes(
  inventory: Inventory,
  isDebugged: (target: DomainTarget) => boolean,
  offers: Offers,
): vscode.Disposable {
  const told = new Set<string>();
  let open = 0;
  const offer = async (make: () => Promise<void>) => {
    if (open >= OPEN_MAX) return;
    open += 1;
    await make().finally(() => (open -= 1));
  };
  const look = (target: DomainTarget) => {
    const { record, id } = target;
    const isCrashed = record?.state === 'crashed';
    if (!isCrashed && !(record && isPausedForWork(record))) told.delete(id);
    else if (!told.has(id)) {
      told.add(id);
      if (!isCrashed) void offer(() => offers.paused(target));
      else if (!isDebugged(target)) void offer(() => offers.panicked(target));
    }
  };
  const stop = inventory.onChange((event) => {
    if (event.kind !== 'host') return;
    const { host, change } = event;
    if (change.kind === 'status') {
      // Whose daemon died with its work is looked at again.
      for (const [uuid, record] of host.domains)
        if (isPausedForWork(record)) {
          const target = new DomainTarget(host, uuid);
          if (host.status.kind === 'connected') look(target);
          else told.delete(target.id);
        }
    } else if (change.of === 'domain') {
      for (const uuid of [...change.changed, ...change.removed]) look(new DomainTarget(host, uuid));
    }
  });
  return new vscode.Disposable(stop);
}
