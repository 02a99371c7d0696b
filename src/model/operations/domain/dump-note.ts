import { Affect } from '../../../client/libvirt/affect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import { child, parseXml, text } from '../../../client/libvirt/xml-object.ts';
import { element, writeXml } from '../../../language/xml/build.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { NoChoices, OperationOptions } from '../operation.ts';
import { deleteOnHost, isOnHost } from '../volume/host-file.ts';
import { askDomain, changeDomain, type DomainCall } from './on-domain.ts';

const NAMESPACE = 'urn:kvm-workbench:dump:1';
const NOTE = { namespace: NAMESPACE, prefix: 'kvmdump' } as const;

/** Notes on the running domain that its memory is being written to a file, which has its final name from the start. */
export async function noteDump({ connection, ref }: DomainCall, path: string): Promise<void> {
  const xml = writeXml(element('dump', { path })).trim();
  await connection.domainMetadata.setElement(ref, { ...NOTE, xml }, Affect.LIVE);
}

/** It is whole. */
export async function forgetDump({ connection, ref }: DomainCall): Promise<void> {
  await connection.domainMetadata.setElement(ref, { ...NOTE, xml: undefined }, Affect.LIVE);
}

/**
 * The file of a dump whose end nobody saw, which may be half of one; undefined when there is none. A libvirt that died
 * with it has left it, one that did not has ended it. @throws GoneError, RemoteError
 */
export function findInterruptedDump(
  target: DomainTarget,
  _: NoChoices,
  options: OperationOptions = {},
): Promise<string | undefined> {
  return askDomain(target, async ({ connection, ref }) => {
    try {
      const xml = await connection.domainMetadata.element(ref, NAMESPACE, Affect.LIVE, options);
      const path = text(child(parseXml(xml), 'dump'), '@path');
      return path !== undefined && (await isOnHost(connection, path, options)) ? path : undefined;
    } catch (error) {
      const none = [ErrorCode.NO_DOMAIN_METADATA, ErrorCode.OPERATION_INVALID, ErrorCode.NO_SUPPORT];
      if (isLibvirtError(error, ...none)) return undefined;
      throw error;
    }
  });
}

/** What becomes of it. */
export interface InterruptedDumpChoices {
  readonly path: string;
  /** Otherwise it is only no longer asked about. */
  readonly remove: boolean;
}

/** Ends the question what is to become of a dump that was interrupted. @throws GoneError, RemoteError */
export function settleInterruptedDump(
  target: DomainTarget,
  { path, remove }: InterruptedDumpChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(target, options, async (call) => {
    if (remove) await deleteOnHost(call.connection, path, options);
    await forgetDump(call);
  });
}
