import type { DomainTarget } from '../../../model/inventory/domain-target.ts';
import type { CommandContext } from '../context.ts';
import { forEachDomain, type Work } from './batch.ts';

/** Writes the memory to disk and stops; the next start goes on from there. */
export function managedSave(context: CommandContext, targets: readonly DomainTarget[]): Promise<void> {
  return forEachDomain(context, targets, { doing: 'Saving', infinitive: 'save' }, save);
}

/** Cancelling ends libvirt's job, after which the guest runs on; the save call itself then fails. */
async function save({ connection, ref, signal }: Work): Promise<void> {
  let aborting: Promise<void> | undefined;
  const abort = () => {
    aborting = connection.domainJobs.abort(ref);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    await connection.domains.managedSave(ref);
  } catch (error) {
    await aborting;
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
