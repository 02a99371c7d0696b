import { t } from '@vscode/l10n';
import { readVolumeDetails } from '../../inventory/kinds/volume-details.ts';
import type { ObjectTarget } from '../../inventory/object-target.ts';
import { readUses, type Use, usesOf } from '../../storage/uses.ts';
import { OperationError } from '../error.ts';
import type { OperationOptions } from '../operation.ts';
import { askVolume, type VolumeCall } from './on-volume.ts';

/** A guest or another volume has the volume, so that what was asked for would take its data from it. */
export class InUseError extends OperationError {
  override readonly name = 'InUseError';
  /** The names of the domains and volumes. */
  readonly owners: readonly string[];

  constructor(owners: readonly string[]) {
    super(
      'in-use',
      t('It belongs to {0}', owners.join(', ')),
      t('Take it from there first, or choose another volume.'),
    );
    this.owners = owners;
  }
}

/** The names of the domains among some uses, each once. */
export function domainsIn(uses: readonly Use[]): readonly string[] {
  return [...new Set(uses.map(({ domain }) => domain))];
}

/** Which domains of the host have a volume, as a disk or below one. @throws GoneError, RemoteError */
export function volumeUses(target: ObjectTarget, options: OperationOptions = {}): Promise<readonly Use[]> {
  return askVolume(target, (call) => usesIn(call, options));
}

/** @throws InUseError when a domain of the host has it, or a volume of its pool keeps only the differences from it */
export async function refuseInUse(call: VolumeCall, options: OperationOptions): Promise<void> {
  const [uses, above] = await Promise.all([usesIn(call, options), volumesAbove(call, options)]);
  const owners = [...domainsIn(uses), ...above];
  if (owners.length > 0) throw new InUseError(owners);
}

/**
 * Refuses a volume that a domain runs with: with `writers`, only one that the domain writes to, so that what is read of
 * it would be no moment of it. @throws InUseError
 */
export async function refuseRunning(
  call: VolumeCall,
  who: 'writers' | 'all',
  options: OperationOptions,
): Promise<void> {
  const running = (await usesIn(call, options)).filter(
    ({ active, readOnly }) => active && !(readOnly && who === 'writers'),
  );
  if (running.length > 0) throw new InUseError(domainsIn(running));
}

/** The volumes of the same pool that lie on it. */
async function volumesAbove(
  { connection, ref }: VolumeCall,
  options: OperationOptions,
): Promise<readonly string[]> {
  const { storagePools, storageVolumes } = connection;
  const [path, volumes] = await Promise.all([
    storageVolumes.path(ref, options),
    storagePools.lookupByName(ref.pool, options).then((pool) => storagePools.volumes(pool, options)),
  ]);
  const backing = await Promise.all(
    volumes.map(async (volume) =>
      readVolumeDetails(await storageVolumes.xml(volume, options)).backing?.path === path
        ? [volume.name]
        : [],
    ),
  );
  return backing.flat();
}

async function usesIn(
  { connection, ref }: VolumeCall,
  { signal }: OperationOptions,
): Promise<readonly Use[]> {
  const [path, uses] = await Promise.all([connection.storageVolumes.path(ref), readUses(connection, signal)]);
  return usesOf(uses, { pool: ref.pool, name: ref.name, path });
}
