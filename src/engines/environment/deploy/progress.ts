import type { Connection } from '../../../client/libvirt/connect.ts';
import type { DomainRef } from '../../../client/libvirt/domain/domain.ts';
import { Affect } from '../../../client/libvirt/affect.ts';
import { child, text, type XmlObject } from '../../../client/libvirt/xml-object.ts';
import { element, type NewElement, writeXml } from '../../../language/xml/build.ts';

const NAMESPACE = 'urn:kvm-workbench:progress:1';
const PREFIX = 'kvmprogress';

/** How far a guest has come. It is kept with the domain, so that the next Up continues where one ended. */
export interface Progress {
  /** Since its last start it came up, and nothing is left to wait for. */
  readonly ready: boolean;
  /** A digest of the scripts that were run in it. */
  readonly provisioned: string | undefined;
}

export function readProgress(definition: XmlObject): Progress {
  const progress = child(child(definition, 'metadata'), 'progress');
  return { ready: text(progress, '@ready') === 'yes', provisioned: text(progress, '@provisioned') };
}

/** For the metadata of a domain that is defined. */
export function progressElement({ ready, provisioned }: Progress): NewElement {
  const attributes = { [`xmlns:${PREFIX}`]: NAMESPACE, ready: ready ? 'yes' : 'no', provisioned };
  return element(`${PREFIX}:progress`, attributes);
}

/** Writes the progress into the definition. */
export async function writeProgress(
  { domainMetadata }: Connection,
  domain: DomainRef,
  { ready, provisioned }: Progress,
): Promise<void> {
  const xml = writeXml(element('progress', { ready: ready ? 'yes' : 'no', provisioned })).trim();
  await domainMetadata.setElement(domain, { namespace: NAMESPACE, prefix: PREFIX, xml }, Affect.CONFIG);
}
