import { DomainXml } from '../../../client/libvirt/domain/domain.ts';
import type { DomainTarget } from '../../inventory/domain-target.ts';
import type { OperationOptions } from '../operation.ts';
import { changeDomain } from './on-domain.ts';
import { type Listen, withVnc } from './vnc-xml.ts';

/** Where the display listens when it listens nowhere now. */
export interface AddVncChoices {
  readonly listen: Listen;
}

/**
 * `virDomainDefineXMLFlags`: gives a domain a VNC display that can be reached. Only its definition changes, since
 * libvirt adds no display to a running guest: it is there at the next start. @throws GoneError, RemoteError
 */
export function addVncDisplay(
  target: DomainTarget,
  { listen }: AddVncChoices,
  options: OperationOptions = {},
): Promise<void> {
  return changeDomain(target, options, async ({ connection: { domains }, ref }) => {
    const xml = await domains.xml(ref, DomainXml.SECURE | DomainXml.INACTIVE, options);
    await domains.defineXml(withVnc(xml, listen), 0, options);
  });
}
