import { ChangeDevice } from '../../../client/libvirt/domain/devices.ts';
import { DomainXml } from '../../../client/libvirt/domain/domain.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { type DeviceChange, deviceChanges } from './device-changes.ts';
import { explainingDisks } from './explain-disks.ts';
import { changeDomain } from './on-domain.ts';

/** What became of each device that is not as the definition has it. */
export interface ChangedDevices {
  readonly done: readonly DeviceChange[];
  readonly failed: readonly { readonly change: DeviceChange; readonly error: unknown }[];
  /** Those that libvirt can neither plug nor change while a domain runs. */
  readonly atNextStart: readonly string[];
}

/**
 * `virDomainAttachDeviceFlags`, `…Detach…` and `…Update…`: makes the devices of a running domain those of its
 * definition, as far as libvirt can. Given up in between, those that were changed stay so.
 * @throws GoneError; RemoteError when the domain cannot be read
 */
export function changeDevices(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<ChangedDevices> {
  return changeDomain(target, options, async ({ connection, ref }) => {
    const { domains, domainDevices } = connection;
    const [live, saved] = await Promise.all([
      domains.xml(ref, DomainXml.SECURE, options),
      domains.xml(ref, DomainXml.SECURE | DomainXml.INACTIVE, options),
    ]);
    const { changes, atNextStart } = deviceChanges(live, saved);
    const done: DeviceChange[] = [];
    const failed: { change: DeviceChange; error: unknown }[] = [];
    // One after the other, since one may need the place that another leaves.
    for (const change of changes) {
      options.signal?.throwIfAborted();
      try {
        await explainingDisks(
          connection,
          async () => change.xml,
          () => domainDevices[change.verb](ref, change.xml, ChangeDevice.LIVE, options),
        );
        done.push(change);
      } catch (error) {
        failed.push({ change, error });
      }
    }
    return { done, failed, atNextStart };
  });
}
