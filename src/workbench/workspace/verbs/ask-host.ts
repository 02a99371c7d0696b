import type { Host } from '../../../model/inventory/host.ts';
import { pickLabel } from '../../ui/names.ts';
import { choose } from '../../ui/choose.ts';
import type { Environments } from '../environments.ts';

/**
 * The host for a new guest: the only one, or the one that a person picks. The one that is selected in the Hosts view
 * comes first. Undefined when nobody chose. @throws OperationError where there is none
 */
export async function askHost(environments: Environments, title: string): Promise<Host | undefined> {
  const first = await environments.hosts.host(undefined);
  const { inventory, selectedHost } = environments.parts;
  const { hosts } = inventory;
  if (hosts.length <= 1) return first;
  const selected = selectedHost();
  const items = hosts
    .toSorted((a, b) => Number(b === selected) - Number(a === selected))
    .map((host) => ({ label: pickLabel(host.name), description: pickLabel(host.id), host }));
  return (await choose(items, { title, matchOnDescription: true }))?.host;
}
