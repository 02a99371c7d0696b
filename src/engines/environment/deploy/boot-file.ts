import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { domainXml } from '../../../model/guest/domain-xml.ts';
import type { GuestType } from '../../../model/guest/guest-spec.ts';
import { createDomain } from '../../../model/operations/domain/create.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { howToBoot } from '../images/how-to-boot.ts';
import type { EnvironmentHost } from './environment-host.ts';
import { deleteVolumes, GuestPool, removeOwnPool, type VolumeOptions } from './storage.ts';

/**
 * A guest for one file of this machine, paused before its first instruction. It is transient, gone when it stops, and
 * so is what it writes to a disk image. `type` is KVM by default where the host has it.
 */
export async function bootPaused(
  host: EnvironmentHost,
  path: string,
  options: VolumeOptions & { readonly type?: GuestType },
): Promise<DomainRef> {
  const bootable = await howToBoot(path);
  const types = await host.guestTypes(bootable.arch);
  if (types.size === 0) throw new Error(`${host.name} has no QEMU for ${bootable.arch}`);
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
  return inPlace ? start(path, false) : withCopy(host, name, path, options, start);
}

/** QEMU has it open, or has read it, once there is a guest: its name need not outlast that. */
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
