import { Affect } from '../../../client/libvirt/affect.ts';
import { ErrorCode, isLibvirtError } from '../../../client/libvirt/error.ts';
import { child, children, parseXml, text } from '../../../client/libvirt/xml-object.ts';
import { element, writeXml } from '../../../language/xml/build.ts';
import type { OperationOptions } from '../operation.ts';
import type { DomainCall } from './on-domain.ts';

const NAMESPACE = 'urn:kvm-workbench:undefine:1';
const PREFIX = 'kvmundefine';

/** What was to go with a definition whose removal was begun. */
export interface UndefineNote {
  readonly nvram: boolean;
  readonly tpm: boolean;
  readonly paths: readonly string[];
}

/**
 * Notes in the definition what is about to go with it, so that whoever finds it half done can end it as it was meant.
 * @throws RemoteError
 */
export async function noteUndefine(
  { connection, ref }: DomainCall,
  { nvram, tpm, paths }: UndefineNote,
  options: OperationOptions,
): Promise<void> {
  const files = paths.map((path) => element('file', { path }));
  const attributes = { nvram: nvram ? 'yes' : 'no', tpm: tpm ? 'yes' : 'no' };
  const xml = writeXml(element('undefine', attributes, ...files)).trim();
  const note = { namespace: NAMESPACE, prefix: PREFIX, xml };
  try {
    await connection.domainMetadata.setElement(ref, note, Affect.CONFIG, options);
  } catch (error) {
    // A driver without notes can be asked again as well, with the same choices.
    if (!isLibvirtError(error, ErrorCode.NO_SUPPORT)) throw error;
  }
}

/** Undefined for a definition whose removal was never begun. */
export function undefineNoteIn(xml: string): UndefineNote | undefined {
  if (!xml.includes(NAMESPACE)) return undefined;
  const note = child(child(child(parseXml(xml), 'domain'), 'metadata'), 'undefine');
  return {
    nvram: text(note, '@nvram') === 'yes',
    tpm: text(note, '@tpm') === 'yes',
    paths: children(note, 'file').flatMap((file) => text(file, '@path') ?? []),
  };
}
