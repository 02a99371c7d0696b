import type { Connection } from '../../../client/libvirt/connect.ts';
import { type DomainRef, DomainXml } from '../../../client/libvirt/domain/domain.ts';
import { type DomainState, isActive } from '../../../client/libvirt/domain/state.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import { child, parseXml, text } from '../../../client/libvirt/xml-object.ts';
import { effectOf } from './facets.ts';
import { type GuestRecord, recordIn } from './record.ts';
import { type Progress, readProgress } from './progress.ts';

/** What a host has under the name of a guest. */
export interface FoundGuest {
  readonly ref: DomainRef;
  readonly state: DomainState;
  readonly running: boolean;
  /** Undefined for a domain that no kvm.yaml made. */
  readonly record: GuestRecord | undefined;
  /** The definition changed while it ran: the change applies at its next start. */
  readonly restartPending: boolean;
  readonly progress: Progress;
  /** What others may have changed meanwhile. */
  readonly memoryKiB: number | undefined;
  readonly cpus: number | undefined;
}

/** Undefined where the host has no domain of that name. */
export async function findGuest(connection: Connection, domain: string): Promise<FoundGuest | undefined> {
  const { domains } = connection;
  let ref: DomainRef;
  try {
    ref = await domains.lookupByName(domain);
  } catch (error) {
    if (isLibvirtError(error, ErrorCode.NO_DOMAIN)) return undefined;
    throw error;
  }
  const [{ state }, xml, live] = await Promise.all([
    domains.state(ref),
    domains.xml(ref, DomainXml.INACTIVE),
    domains.xml(ref),
  ]);
  const running = isActive(state);
  const record = recordIn(xml);
  const definition = child(parseXml(xml), 'domain');
  return {
    ref,
    state,
    running,
    record,
    restartPending: running && record !== undefined && needsRestart(recordIn(live), record),
    progress: readProgress(definition),
    memoryKiB: number(text(definition, 'memory')),
    cpus: number(text(definition, 'vcpu')),
  };
}

/** Whether its running configuration differs from its definition in something that needs a restart. */
function needsRestart(live: GuestRecord | undefined, defined: GuestRecord): boolean {
  if (live === undefined) return true;
  const keys = new Set([...live.facets.keys(), ...defined.facets.keys()]);
  return [...keys].some(
    (key) => effectOf(key, defined.facets) === 'restart' && live.facets.get(key) !== defined.facets.get(key),
  );
}

function number(value: string | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}
