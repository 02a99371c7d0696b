import { t } from '@vscode/l10n';
import type { Connection } from '../../../client/libvirt/connect.ts';
import { DomainXml } from '../../../client/libvirt/domain/domain.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import type { ObjectXml, Place } from './kind.ts';

/** Why libvirt does not take the XML of some kinds back. */
export const notRedefined = () => t('libvirt cannot change this by redefining it.');

/** The text of an object that has, or has not, a definition of its own. `live`: how it runs now was asked for. */
export function definition(xml: string, live: boolean, persistent: boolean): ObjectXml {
  if (live) return { xml, readOnly: t('This is how it runs now: edit the definition instead.') };
  return { xml, readOnly: persistent ? undefined : t('It is transient: there is no definition to edit.') };
}

/** A connection that may not see passwords must not write either: they would be lost. */
export async function secure(read: (flags: number) => Promise<string>): Promise<ObjectXml> {
  try {
    return { xml: await read(DomainXml.SECURE), readOnly: undefined };
  } catch (error) {
    if (!isLibvirtError(error, ErrorCode.OPERATION_DENIED, ErrorCode.ACCESS_DENIED)) throw error;
    return {
      xml: await read(0),
      readOnly: t('This connection may not read passwords, so saving would lose them.'),
    };
  }
}

/** The key of what the objects are in. @throws Error when the place does not say. */
export function parentOf({ parent }: Pick<Place, 'parent'>): string {
  if (parent === undefined) throw new Error(t('The address does not say what this is in'));
  return parent;
}

/** libvirt's name of the domain whose snapshots and checkpoints are meant. */
export function domainOf(place: Place): ReturnType<Connection['domains']['lookupByUuid']> {
  return place.connection.domains.lookupByUuid(parentOf(place));
}

/** libvirt's name of the pool whose volumes are meant. */
export function poolOf(place: Place): ReturnType<Connection['storagePools']['lookupByUuid']> {
  return place.connection.storagePools.lookupByUuid(parentOf(place));
}
