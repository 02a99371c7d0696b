import { setTimeout as delay } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { AbortBlockJob } from '../../../client/libvirt/domain/block.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import { abortReason } from '../../../client/rpc/error.ts';
import type { DomainCall } from '../domain/on-domain.ts';
import { OperationError } from '../error.ts';
import type { OperationOptions } from '../operation.ts';

/** How often libvirt is asked how far a job is: of that it has no events. */
const ASK_MS = 500;

/** How a block job left off: `ready` for one that goes on until it is told to switch or to stop. */
export type BlockJobEnd = 'ready' | 'completed';

/**
 * Begins a block job on a disk and waits until it is ready or complete. When it is given up the job is ended, and the
 * disk stays as it was. @throws OperationError `block-job` when it fails, or what beginning it throws
 */
export async function runBlockJob(
  call: DomainCall,
  disk: string,
  begin: () => Promise<void>,
  options: OperationOptions,
): Promise<BlockJobEnd> {
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  const unsubscribe = await call.connection.domainEvents.on(
    'blockJob',
    (event) => {
      if (event.disk === disk) resolve(event.status);
    },
    call.ref,
  );
  const over = new AbortController();
  try {
    await begin();
    const asking = tellProgress(call, disk, options, over.signal);
    const status = await Promise.race([ended, asking, abortion(options.signal, over.signal)]);
    if (status === 'completed' || status === 'ready') return status;
    if (status === 'cancelled')
      throw new OperationError('block-job', t('Somebody else ended it'), t('The disk is as it was before.'));
    throw new OperationError(
      'block-job',
      t('QEMU could not go on with it'),
      t('The disk is as it was before. The log of the guest on its host may say more.'),
    );
  } catch (error) {
    if (options.signal?.aborted === true) await endBlockJob(call, disk);
    throw error;
  } finally {
    over.abort();
    await unsubscribe();
  }
}

/** Switches the guest to the copy, or to the base, of a job that is ready. @throws RemoteError */
export async function pivotBlockJob(
  { connection, ref }: DomainCall,
  disk: string,
  options: OperationOptions,
): Promise<void> {
  await connection.domainBlocks.abortJob(ref, disk, AbortBlockJob.PIVOT, options);
}

/** Ends a job; the disk stays as it was. One that has ended by itself is fine. @throws RemoteError */
async function endBlockJob({ connection, ref }: DomainCall, disk: string): Promise<void> {
  try {
    await connection.domainBlocks.abortJob(ref, disk);
  } catch (error) {
    if (!isLibvirtError(error, ErrorCode.OPERATION_INVALID, ErrorCode.INVALID_ARG, ErrorCode.NO_DOMAIN))
      throw error;
  }
}

/** Asks until it is over. A job that is no longer there has ended in a way that only its event tells. */
async function tellProgress(
  { connection, ref }: DomainCall,
  disk: string,
  options: OperationOptions,
  over: AbortSignal,
): Promise<never> {
  for (;;) {
    const job = over.aborted ? undefined : await connection.domainBlocks.job(ref, disk);
    if (job !== undefined && job.end > 0n) options.progress?.(Number(job.current) / Number(job.end));
    await delay(ASK_MS, undefined, { signal: over });
  }
}

/** Fails when it is given up. Nobody listens any more once it is over. */
function abortion(signal: AbortSignal | undefined, over: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(abortReason(signal));
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop, { once: true, signal: over });
  });
}
