import { t } from '@vscode/l10n';
import { CopyBlock } from '../../../client/libvirt/domain/block.ts';
import { DomainXml } from '../../../client/libvirt/domain/domain.ts';
import type { VolumeRef } from '../../../client/libvirt/storage/refs.ts';
import { encodeAttribute } from '../../../language/xml/entities.ts';
import type { ObjectTarget } from '../../inventory/object-target.ts';
import type { DiskSource } from '../../storage/disk.ts';
import { copyXml } from '../../storage/disk-xml.ts';
import { volumeXml } from '../../storage/volume-xml.ts';
import { OperationError } from '../error.ts';
import type { OperationOptions } from '../operation.ts';
import { refreshPoolRecords } from '../pool/on-pool.ts';
import { pivotBlockJob, runBlockJob } from './block-job.ts';
import { changeDisk, type DiskCall, type DiskTarget } from './on-disk.ts';
import { running } from './merge.ts';

export interface MoveDiskChoices {
  readonly pool: ObjectTarget;
  /** The name of the new volume there. */
  readonly name: string;
  readonly format: string;
}

/** What was, and what is now. */
export interface MovedDisk {
  /** Where the data were: the old copy is still there. */
  readonly from: DiskSource | undefined;
  /** The path on the host. */
  readonly to: string;
}

/**
 * `virDomainBlockCopy` to a new volume, and a switch to it, while the guest runs and writes. The old data stay. Given up,
 * or failed, the guest goes on with the old ones and the new volume is removed.
 * @throws OperationError `disk-state`, `block-job`; GoneError, RemoteError
 */
export function moveDisk(
  target: DiskTarget,
  choices: MoveDiskChoices,
  options: OperationOptions = {},
): Promise<MovedDisk> {
  return changeDisk(target, options, async (call) => {
    const { connection } = running(call);
    const made = await makeVolume(call, choices, options);
    try {
      const to = await copyTo(call, target.disk, made, choices.format, options);
      return { from: call.disk.chain[0].source, to };
    } catch (error) {
      // An answer may have been lost after the switch: then the new volume is what the guest writes to.
      if (!(await isMentioned(call, made.key))) await connection.storageVolumes.delete(made);
      throw error;
    } finally {
      await refreshPoolRecords(choices.pool);
    }
  });
}

/** Whether the domain runs with it, copies to it, or will run with it. */
async function isMentioned({ connection, ref }: DiskCall, path: string): Promise<boolean> {
  const texts = await Promise.all([
    connection.domains.xml(ref),
    connection.domains.xml(ref, DomainXml.INACTIVE),
  ]);
  return texts.some((xml) => xml.includes(encodeAttribute(path, "'")));
}

/** As large as what the guest sees, and empty. */
async function makeVolume(
  { connection, ref, disk }: DiskCall,
  { pool, name, format }: MoveDiskChoices,
  options: OperationOptions,
): Promise<VolumeRef> {
  const { capacity } = await connection.domainBlocks.info(ref, disk.target, options);
  const place = await connection.storagePools.lookupByUuid(pool.name.key, options);
  return connection.storageVolumes.create(
    place,
    volumeXml({ name, capacity, allocation: 0n, format }),
    0,
    options,
  );
}

async function copyTo(
  call: DiskCall,
  disk: string,
  volume: VolumeRef,
  format: string,
  options: OperationOptions,
): Promise<string> {
  const { connection, ref } = call;
  const [path, { type }] = await Promise.all([
    connection.storageVolumes.path(volume, options),
    connection.storageVolumes.info(volume, options),
  ]);
  if (type !== 'file' && type !== 'block')
    throw new OperationError(
      'disk-state',
      t('QEMU cannot copy a running disk into a pool of this type'),
      t('Shut the guest down and clone the volume instead.'),
    );
  const flags = CopyBlock.REUSE_EXTERNAL | CopyBlock.TRANSIENT_JOB;
  const begin = () =>
    connection.domainBlocks.copy(ref, disk, copyXml({ type, path }, format), { flags }, options);
  if ((await runBlockJob(call, disk, begin, options)) === 'ready') await pivotBlockJob(call, disk, options);
  return path;
}
