import { closePorts } from '../access/reach.ts';
import { forgetSshHost } from '../access/ssh-config.ts';
import { SshKeys } from '../access/ssh-keys.ts';
import { sweepWorkspace } from '../access/sweep-workspace.ts';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import { forceOffDomain } from '../../../model/operations/domain/force-off.ts';
import { shutdownDomain } from '../../../model/operations/domain/shutdown.ts';
import { undefineDomain } from '../../../model/operations/domain/undefine.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { DeclaredGuest } from '../file/model.ts';
import type { EnvironmentHost } from './environment-host.ts';
import { findGuest, type FoundGuest } from './find-guest.ts';
import { findNetwork, type FoundNetwork, removeNetwork } from './networks.ts';
import type { FindHost } from './plan.ts';
import type { Services } from './services.ts';
import { removeOwnPool } from '../../../model/operations/pool/guest-pool.ts';
import { deleteVolumes } from './storage.ts';

/** A guest that Up made and its file declares. */
export interface OwnGuest {
  readonly guest: DeclaredGuest;
  readonly host: EnvironmentHost;
  readonly found: FoundGuest;
}

/** A guest that may be removed, whether its file still declares it or not. */
export interface RemovableGuest extends Omit<OwnGuest, 'guest'> {
  readonly guest: Pick<DeclaredGuest, 'name' | 'domain'>;
}

/** The guests of a file that Up made: no other domain is ever stopped or removed. */
export async function findOwnGuests(
  guests: readonly DeclaredGuest[],
  id: string,
  findHost: FindHost,
): Promise<readonly OwnGuest[]> {
  const all = await Promise.all(
    guests.map(async (guest) => {
      const host = await findHost(guest.host);
      const found = await findGuest(host.connection, guest.domain);
      return found?.record?.id === id ? { guest, host, found } : undefined;
    }),
  );
  return all.filter((each) => each !== undefined);
}

export interface DownOptions {
  readonly signal: AbortSignal;
  /** How long a guest may take to shut down before it is forced off. */
  readonly patienceMs: number;
}

/** Shuts a guest down, and forces it off when it does not react. Returns whether it ran. */
export async function down(
  { guest, host, found }: OwnGuest,
  services: Pick<Services, 'forwards' | 'report'>,
  { signal, patienceMs }: DownOptions,
): Promise<boolean> {
  closePorts(services.forwards, found.ref);
  if (!found.running) return false;
  services.report(guest.name, { kind: 'stop' });
  const target = host.target(found.ref);
  // A guest that only boots a kernel does not react to the power button.
  const listens = guest.source.kind === 'image' || guest.source.kind === 'iso';
  if (listens && found.state === 'running') {
    if (await shutdownDomain(target, { ask: 'button', patienceMs }, { signal })) return true;
  }
  await switchOff(target);
  return true;
}

/**
 * Removes a guest and all that was made for it. Its definition goes last, since it lists the rest: wherever this ends,
 * it can be repeated.
 * @throws PoolOffError when a pool with its volumes cannot be started; nothing is removed then
 */
export async function destroyGuest(
  { guest, host, found }: RemovableGuest,
  services: Pick<Services, 'forwards' | 'report' | 'folder'>,
): Promise<void> {
  const { connection } = host;
  closePorts(services.forwards, found.ref);
  const target = host.target(found.ref);
  if (found.running) await switchOff(target);
  await deleteVolumes(connection, found.record?.volumes ?? []);
  await removeOwnPool(connection);
  await new SshKeys(services.folder).forget(guest.domain);
  await forgetSshHost(services.folder, guest.domain);
  await rm(join(services.folder, `${guest.domain}-seed.iso`), { force: true });
  await sweepWorkspace(services.folder);
  await undefineDomain(target, {
    managedSave: true,
    snapshots: true,
    checkpoints: true,
    nvram: true,
    tpm: true,
    files: [],
  });
}

/** The networks that Up made on a host for a file, whether that still declares them or not. */
export async function findOwnNetworks(
  id: string,
  { connection }: EnvironmentHost,
): Promise<readonly (FoundNetwork & { readonly name: string })[]> {
  const all = await connection.networks.list().catch((error: unknown) => {
    // Not every host has them.
    if (isLibvirtError(error, ErrorCode.NO_SUPPORT)) return [];
    throw error;
  });
  const found = await Promise.all(
    all.map(async ({ name }) => ({ name, ...(await findNetwork(connection, name)) })),
  );
  return found.flatMap(({ name, ref, active = false, record }) =>
    ref !== undefined && record?.id === id ? [{ name, ref, active, record }] : [],
  );
}

/** Removes the networks that Up made on a host for a file. */
export async function destroyNetworks(id: string, host: EnvironmentHost): Promise<void> {
  for (const network of await findOwnNetworks(id, host)) await removeNetwork(host.connection, network);
}

async function switchOff(target: DomainTarget): Promise<void> {
  try {
    await forceOffDomain(target, {});
  } catch (error) {
    // It may have ended by itself just now.
    if (!isLibvirtError(error, ErrorCode.OPERATION_INVALID)) throw error;
  }
}
