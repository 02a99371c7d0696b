import type { DomainCall } from './on-domain.ts';

/**
 * Runs a call that is a job of libvirt's, such as a save. Giving up ends the job, after which the guest runs on and
 * the call itself fails: what is told then is that it was given up.
 */
export async function withAbortableJob<T>(
  { connection, ref }: DomainCall,
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
): Promise<T> {
  let aborting: Promise<void> | undefined;
  const abort = () => {
    // A job that has just ended cannot be aborted, which is no matter.
    aborting = connection.domainJobs.abort(ref).catch(() => undefined);
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await call();
  } catch (error) {
    await aborting;
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}
