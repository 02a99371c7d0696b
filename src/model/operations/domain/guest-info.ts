import { GuestInfoTypes } from '../../../client/libvirt/domain/guest.ts';
import type { GuestInfo } from '../../../client/libvirt/domain/guest-info.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { askDomain } from './on-domain.ts';

/**
 * `virDomainGetGuestInfo`, as far as the agent in the guest knows. The guest may have said anything.
 * @throws GoneError; RemoteError when the agent does not answer
 */
export function readGuestInfo(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<GuestInfo> {
  return askDomain(target, async ({ connection: { domainGuests }, ref }) => {
    try {
      // All that it knows: asked for by name, what it does not know is an error.
      return await domainGuests.info(ref, 0, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      // It may fail as a whole where the agent cannot tell one of the parts.
      const types = GuestInfoTypes.OS | GuestInfoTypes.HOSTNAME;
      return domainGuests.info(ref, types, options).catch(() => Promise.reject(error));
    }
  });
}
