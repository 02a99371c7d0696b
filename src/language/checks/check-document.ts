import type { XmlDocument } from '../xml/tree.ts';
import { kindOfDocument } from '../schema/document-kind.ts';
import { checkDevice, checkDomain } from './check-domain.ts';
import { checkName } from './check-names.ts';
import { checkNetwork } from './check-network.ts';
import { viewOfDevice } from './domain-view.ts';
import type { Finding } from './finding.ts';

/** What libvirt refuses, or what was hardly meant, in a document that is valid by its schema. */
export function checkDocument(document: XmlDocument): Finding[] {
  const { root, text } = document;
  if (root === undefined) return [];
  return [
    ...checkName(text, root),
    ...(root.key === 'network' ? checkNetwork(text, root) : []),
    ...(kindOfDocument(document) === 'device'
      ? checkDevice(viewOfDevice(text, root))
      : checkDomain(document)),
  ].toSorted((a, b) => a.start - b.start);
}
