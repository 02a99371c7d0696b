import { t } from '@vscode/l10n';
import { CommitBlock } from '../../../client/libvirt/domain/block.ts';
import type { DiskLayer } from '../../storage/disk.ts';
import { OperationError } from '../error.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { pivotBlockJob, runBlockJob } from './block-job.ts';
import { changeDisk, type DiskCall, type DiskTarget } from './on-disk.ts';

export interface MergeChoices {
  /** The layer that everything above it is written into: 1 is the file directly below the one that the guest writes to. */
  readonly into: number;
}

/**
 * `virDomainBlockCommit` of the active layer: what was written since is merged into a file further down, which the guest
 * writes to from then on; the files above it stay where they are and are of no more use. Only while it runs. Given up, the
 * disk is as it was. @throws OperationError `disk-state`, `block-job`; GoneError, RemoteError
 */
export function mergeInto(
  target: DiskTarget,
  { into }: MergeChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDisk(target, options, async (call) => {
    const base = layerName(running(call), into);
    const begin = () =>
      call.connection.domainBlocks.commit(
        call.ref,
        target.disk,
        { base, flags: CommitBlock.ACTIVE },
        options,
      );
    if ((await runBlockJob(call, target.disk, begin, options)) === 'ready')
      await pivotBlockJob(call, target.disk, options);
  });
}

/**
 * `virDomainBlockPull`: everything below moves into the file that the guest writes to, which needs no other from then on.
 * Only while it runs. Given up, the disk is as it was.
 * @throws OperationError `disk-state`, `block-job`; GoneError, RemoteError
 */
export function makeIndependent(
  target: DiskTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDisk(target, options, async (call) => {
    running(call);
    const begin = () => call.connection.domainBlocks.pull(call.ref, target.disk, 0n, options);
    await runBlockJob(call, target.disk, begin, options);
  });
}

/** QEMU does block jobs, so that it must run. @throws OperationError `disk-state` */
export function running(call: DiskCall): DiskCall {
  if (!call.active)
    throw new OperationError(
      'disk-state',
      t('QEMU does this, and the guest is not running'),
      t('Start it first; it may be paused.'),
    );
  return call;
}

function layerName({ disk }: DiskCall, depth: number): string {
  const layer: DiskLayer | undefined = depth > 0 ? disk.chain[depth] : undefined;
  if (layer?.index === undefined)
    throw new OperationError('disk-state', t('The disk {0} no longer has that file below it', disk.target));
  return `${disk.target}[${layer.index}]`;
}
