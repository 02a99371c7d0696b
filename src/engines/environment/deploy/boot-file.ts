import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { t } from '@vscode/l10n';
import { domainXml } from '../../../model/guest/domain-xml.ts';
import type { GuestType } from '../../../model/guest/guest-spec.ts';
import { type DomainRef, StartDomain } from '../../../client/libvirt/domain/domain.ts';
import { howToBoot } from '../images/how-to-boot.ts';
import type { EnvironmentHost } from './environment-host.ts';
import { deleteVolumes, GuestPool, removeOwnPool, type VolumeOptions } from './storage.ts';

/**
 * Creates a guest for one file of this machine, paused before its first instruction. It is transient: when it stops,
 * it is gone, with all that it wrote to a disk image. `type` is KVM by default where the host has it.
 */
export async function bootPaused(
  host: EnvironmentHost,
  path: string,
  options: VolumeOptions & { readonly type?: GuestType },
): Promise<DomainRef> {
  const { domains } = host.connection;
  const bootable = await howToBoot(path);
  const types = await host.guestTypes(bootable.arch);
  if (types.size === 0) throw new Error(t('{0} has no QEMU for {1}', host.name, bootable.arch));
  const type = options.type ?? (types.has('kvm') ? 'kvm' : 'qemu');
  const tag = randomBytes(2).toString('hex');
  const name = `boot-${basename(path)
    .replaceAll(/[^A-Za-z0-9._-]/gu, '-')
    .slice(0, 30)}-${tag}`;
  const start = (file: string, isCopy: boolean) =>
    domains.createXml(domainXml({ name, type, ...bootable.spec(file, isCopy) }), StartDomain.PAUSED);
  const inPlace = await (bootable.isKernel ? host.canReadBuilt(path) : host.canRead(path));
  return inPlace ? start(path, false) : withCopy(host, name, path, options, start);
}

/** Once the guest exists, QEMU has the copy open or has read it: its name can be removed then. */
async function withCopy(
  host: EnvironmentHost,
  name: string,
  path: string,
  options: VolumeOptions,
  start: (file: string, isCopy: boolean) => Promise<DomainRef>,
): Promise<DomainRef> {
  const pool = await GuestPool.choose(host);
  try {
    return await start(await pool.ensure({ kind: 'upload', name, file: path }, options), true);
  } finally {
    await deleteVolumes(host.connection, [{ pool: pool.name, name }]);
    await removeOwnPool(host.connection);
  }
}
