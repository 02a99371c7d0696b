import { rm } from 'node:fs/promises';
import { ownershipIn } from '../../../model/guest/ownership.ts';
import { takeAway } from '../../../model/operations/volume/bring-file.ts';
import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import type { SessionNote, SessionNotes } from './notes.ts';
import { restoreRunState, stillRuns } from './session.ts';
import { monitor, stubIn, switchOff, switchOn } from '../stub/stub.ts';

/** Who made a domain for a debug session, in its metadata. */
export const DEBUG_OWNER = 'debug';

/**
 * Undoes what a session left on a host when its editor died: the stub that is on, breakpoints in the guest, its
 * vCPUs stopped, a domain that was only there to be debugged. Says what it did, for the log.
 */
// not for people: it goes to the log
export async function cleanUp(
  connection: Connection,
  note: SessionNote,
  notes: SessionNotes,
): Promise<string> {
  const domain: DomainRef = { name: note.domainName, uuid: note.uuid, id: note.domainId };
  const did = (await stillRuns(connection, domain))
    ? await restore(connection, domain, note)
    : 'is gone, nothing was left to do';
  await takeAway(connection, note.uploads);
  for (const folder of note.folders) await rm(folder, { recursive: true, force: true });
  await notes.remove(note.id);
  return did;
}

// not for people: it goes to the log
async function restore(connection: Connection, domain: DomainRef, note: SessionNote): Promise<string> {
  if (note.launched) {
    const owner = ownershipIn(await connection.domains.xml(domain));
    if (owner?.by !== DEBUG_OWNER) return 'is not ours, and was left alone';
    await connection.domains.destroy(domain);
    return 'was there for the session only, and was removed';
  }
  const present = stubIn(await monitor(connection, domain, 'info chardev'));
  if (present === undefined) return 'had its gdb stub switched off already';
  // Whoever holds on to it belonged to the editor that is gone.
  if (present.connected || present.port === undefined) await monitor(connection, domain, 'gdbserver none');
  const again = present.connected || present.port === undefined;
  await switchOff(
    connection,
    domain,
    again ? await switchOn(connection, domain) : { port: present.port ?? 0, ours: true },
  );
  await restoreRunState(connection, domain, note.found);
  return `had its gdb stub switched off, and is ${note.found} as it was`;
}
