import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { DomainRecord } from '../../inventory/kinds/domain-record.ts';
import { refOf } from '../../inventory/kinds/domain-record.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import { GoneError } from '../error.ts';
import type { OperationOptions } from '../operation.ts';

/** What a call to libvirt needs to name the domain. */
export interface DomainCall {
  readonly connection: Connection;
  readonly ref: DomainRef;
}

/** What is known of the domain. @throws GoneError */
export function recordOf({ record }: DomainTarget): DomainRecord {
  if (record === undefined) throw new GoneError();
  return record;
}

/** How libvirt calls name it. @throws GoneError */
export function targetRef(target: DomainTarget): DomainRef {
  return refOf(recordOf(target));
}

/** Asks something of a domain and changes nothing. @throws GoneError, or what the question throws */
export async function askDomain<T>(
  target: DomainTarget,
  question: (call: DomainCall) => Promise<T>,
): Promise<T> {
  const connection = await target.host.connect();
  // One that was defined a moment ago may not have been read yet.
  if (target.record === undefined) await target.host.refresh({ kind: 'domain', key: target.uuid });
  const ref = targetRef(target);
  try {
    return await question({ connection, ref });
  } catch (error) {
    // Its end may not have been told yet.
    if (isLibvirtError(error, ErrorCode.NO_DOMAIN)) throw new GoneError({ cause: error });
    throw error;
  }
}

/**
 * Does something to a domain, which is read again afterwards, since not every change has an event.
 * @throws GoneError, or what the action throws
 */
export function changeDomain<T>(
  target: DomainTarget,
  { signal }: OperationOptions,
  action: (call: DomainCall) => Promise<T>,
): Promise<T> {
  return askDomain(target, async (call) => {
    signal?.throwIfAborted();
    try {
      return await action(call);
    } finally {
      // What cannot be read is reported by the host itself.
      await target.host.refresh({ kind: 'domain', key: target.uuid }).catch(() => undefined);
    }
  });
}
