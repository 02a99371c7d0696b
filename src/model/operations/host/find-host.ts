import { t } from '@vscode/l10n';
import type { Host } from '../../inventory/host.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { isAtHand } from '../../inventory/place.ts';
import { OperationError } from '../error.ts';

/** The host that a URI or a name means, in this order: somebody may call a host like the URI of another. */
export function hostCalled({ hosts }: Pick<Inventory, 'hosts'>, nameOrUri: string): Host | undefined {
  return hosts.find(({ id }) => id === nameOrUri) ?? hosts.find(({ name }) => name === nameOrUri);
}

/** The same where there must be one; without a name, the first. @throws OperationError that says which there are */
export function findHost(inventory: Pick<Inventory, 'hosts'>, nameOrUri: string | undefined): Host {
  const { hosts } = inventory;
  const found = nameOrUri === undefined ? hosts[0] : hostCalled(inventory, nameOrUri);
  if (found !== undefined) return found;
  const names = hosts.map(({ name }) => name).join(', ');
  throw new OperationError(
    'no-host',
    nameOrUri === undefined
      ? t('There is no libvirt host in the Hosts view')
      : t('There is no host “{0}” in the Hosts view', nameOrUri),
    names === '' ? t('Add one with “KVM: Add Host…”.') : t('The hosts there: {0}.', names),
  );
}

/** Whether looking at a host costs nobody anything: it is connected, or at hand and not disconnected by a person. */
export function isWorthLooking({ id, status }: Host): boolean {
  if (status.kind === 'connected') return true;
  return status.kind === 'disconnected' && !status.byUser && isAtHand(id);
}
