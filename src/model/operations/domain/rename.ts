import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { OperationOptions } from '../operation.ts';
import { changeDomain } from './on-domain.ts';

/** What the domain is called from then on. */
export interface RenameChoices {
  readonly name: string;
}

/** `virDomainRename` of a domain that is shut off. @throws GoneError, RemoteError */
export function renameDomain(
  target: DomainTarget,
  { name }: RenameChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(target, options, ({ connection, ref }) =>
    connection.domains.rename(ref, name, options),
  );
}

/** Why libvirt would not take that name; undefined when nothing is known against it. */
export function nameProblem(
  { host, uuid }: DomainTarget,
  name: string,
): 'empty' | 'slash' | 'taken' | undefined {
  if (name.trim() === '') return 'empty';
  if (name.includes('/')) return 'slash';
  const others = [...host.domains.values()].filter((other) => other.uuid !== uuid);
  return others.some((other) => other.name === name) ? 'taken' : undefined;
}
