import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { t } from '@vscode/l10n';
import { domainXml } from '../../../model/guest/domain-xml.ts';
import type { GuestType } from '../../../model/guest/guest-spec.ts';
import { createDomain } from '../../../model/operations/domain/create.ts';
import type { OperationOptions } from '../../../model/operations/operation.ts';
import { bringFile, takeAway } from '../../../model/operations/volume/bring-file.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { howToBoot } from '../images/how-to-boot.ts';
import type { EnvironmentHost } from './environment-host.ts';

/**
 * Creates a guest for one file of this machine, paused before its first instruction. It is transient: when it stops,
 * it is gone, with all that it wrote to a disk image. `type` is KVM by default where the host has it.
 */
export async function bootPaused(
  host: EnvironmentHost,
  path: string,
  options: OperationOptions & { readonly type?: GuestType },
): Promise<DomainRef> {
  const bootable = await howToBoot(path, options.signal);
  const types = await host.guestTypes(bootable.arch);
  if (types.size === 0) throw new Error(t('{0} has no QEMU for {1}', host.name, bootable.arch));
  const type = options.type ?? (types.has('kvm') ? 'kvm' : 'qemu');
  const tag = randomBytes(2).toString('hex');
  const name = `boot-${basename(path)
    .replaceAll(/[^A-Za-z0-9._-]/gu, '-')
    .slice(0, 30)}-${tag}`;
  const start = (file: string, isCopy: boolean) =>
    createDomain(host.host, {
      xml: domainXml({ name, type, ...bootable.spec(file, isCopy) }),
      paused: true,
    });
  const inPlace = await (bootable.isKernel ? host.canReadBuilt(path) : host.canRead(path));
  if (inPlace) return start(path, false);
  const copy = await bringFile(host.connection, { file: path, name }, options);
  try {
    return await start(copy, true);
  } finally {
    // QEMU has it open, or has read it, once there is a guest: its name need not outlast that.
    await takeAway(host.connection, [copy]);
  }
}
