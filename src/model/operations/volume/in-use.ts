import { t } from '@vscode/l10n';
import type { ObjectTarget } from '../../inventory/object-target.ts';
import { readUses, type Use, usesOf } from '../../storage/uses.ts';
import { FileUse } from '../domain/file-use.ts';
import { OperationError } from '../error.ts';
import type { OperationOptions } from '../operation.ts';
import { askVolume, type VolumeCall } from './on-volume.ts';

/** A guest or another volume has the volume, so that what was asked for would take its data from it. */
class InUseError extends OperationError {
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
function domainsIn(uses: readonly Use[]): readonly string[] {
  return [...new Set(uses.map(({ domain }) => domain))];
}

/** Which domains of the host have a volume, as a disk or below one. @throws GoneError, RemoteError */
export function volumeUses(target: ObjectTarget, options: OperationOptions = {}): Promise<readonly Use[]> {
  return askVolume(target, (call) => usesIn(call, options));
}

/**
 * Refuses a volume that a domain of the host has, whatever for, or that another volume keeps only the differences from.
 * @throws InUseError
 */
export async function refuseInUse(call: VolumeCall, options: OperationOptions): Promise<void> {
  const { connection, ref } = call;
  const [path, uses, files] = await Promise.all([
    connection.storageVolumes.path(ref, options),
    usesIn(call, options),
    FileUse.read(connection, new Set(), options),
  ]);
  const above = files.volumes.overlaysOf(path).map(({ name }) => name);
  const owners = new Set([...domainsIn(uses), ...files.usersOf(path), ...above]);
  if (owners.size > 0) throw new InUseError([...owners]);
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

async function usesIn(
  { connection, ref }: VolumeCall,
  { signal }: OperationOptions,
): Promise<readonly Use[]> {
  const [path, uses] = await Promise.all([connection.storageVolumes.path(ref), readUses(connection, signal)]);
  return usesOf(uses, { pool: ref.pool, name: ref.name, path });
}
