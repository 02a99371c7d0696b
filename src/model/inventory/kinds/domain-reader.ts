import type { Domains, DomainRef, StateAndReason } from '../../../client/libvirt/domain/domain.ts';
import { ListDomains } from '../../../client/libvirt/domain/domain.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import { Turn } from '../../../client/rpc/turn.ts';
import { type DomainReading, type DomainRecord, recordOf } from './domain-record.ts';

/** Everything about all domains in a fixed number of calls, however many domains there are; `take` gets each. */
export async function readAllDomains(
  domains: Domains,
  take: (key: string, record: DomainRecord) => void,
): Promise<void> {
  const [states, transient, autostart, saved] = await Promise.all([
    readStates(domains),
    uuidsOf(domains.list(ListDomains.TRANSIENT)),
    uuidsOf(domains.list(ListDomains.AUTOSTART)),
    uuidsOf(ifSupported(domains.list(ListDomains.MANAGED_SAVE), [])),
  ]);
  const turn = new Turn();
  for (const [ref, { state, reason }] of states) {
    const reading: DomainReading = {
      ref,
      state,
      reason,
      persistent: !transient.has(ref.uuid),
      autostart: autostart.has(ref.uuid),
      managedSave: saved.has(ref.uuid),
      size: undefined,
    };
    take(ref.uuid, recordOf(reading));
    if (turn.isOver) await turn.next();
  }
}

/** Everything about one domain; the calls travel together. @throws LibvirtError, NO_DOMAIN when it is gone. */
export async function readDomain(domains: Domains, uuid: string): Promise<DomainRecord> {
  const named: DomainRef = { name: '', uuid, id: -1 };
  const [ref, { state, reason }, persistent, autostart, managedSave, { vcpus, memoryKiB }] =
    await Promise.all([
      domains.lookupByUuid(uuid),
      domains.state(named),
      domains.isPersistent(named),
      domains.autostart(named),
      ifSupported(domains.hasManagedSave(named), false),
      domains.info(named),
    ]);
  return recordOf({ ref, state, reason, persistent, autostart, managedSave, size: { vcpus, memoryKiB } });
}

/** Drivers without bulk statistics are asked for one domain after another, still pipelined. */
async function readStates(domains: Domains): Promise<ReadonlyMap<DomainRef, StateAndReason>> {
  try {
    return await domains.listStates();
  } catch (error) {
    if (!isLibvirtError(error, ErrorCode.NO_SUPPORT)) throw error;
  }
  const refs = await domains.list();
  const states = await Promise.all(
    refs.map(async (ref) => [ref, await ifPresent(domains.state(ref))] as const),
  );
  return new Map(states.flatMap(([ref, state]) => (state === undefined ? [] : [[ref, state] as const])));
}

async function uuidsOf(refs: Promise<readonly DomainRef[]>): Promise<ReadonlySet<string>> {
  return new Set((await refs).map(({ uuid }) => uuid));
}

function ifSupported<T>(call: Promise<T>, otherwise: T): Promise<T> {
  return call.catch((error: unknown) => {
    if (isLibvirtError(error, ErrorCode.NO_SUPPORT)) return otherwise;
    throw error;
  });
}

/** A domain may vanish between two calls. */
function ifPresent<T>(call: Promise<T>): Promise<T | undefined> {
  return call.catch((error: unknown) => {
    if (isLibvirtError(error, ErrorCode.NO_DOMAIN)) return undefined;
    throw error;
  });
}
