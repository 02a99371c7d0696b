import { ChangeDevice } from '../../../client/libvirt/domain/devices.ts';
import { isActive } from '../../../client/libvirt/domain/state.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import { recordOf } from '../domain/on-domain.ts';

/** When a change of a device holds. */
export type When = 'now' | 'next-start' | 'both';

/** The flags by which libvirt changes what runs, the definition, or both: what does not exist is left out. */
export function affect(domain: DomainTarget, when: When): number {
  const { state, persistent } = recordOf(domain);
  const live = isActive(state) && when !== 'next-start' ? ChangeDevice.LIVE : 0;
  const config = persistent && when !== 'now' ? ChangeDevice.CONFIG : 0;
  return live | config;
}
