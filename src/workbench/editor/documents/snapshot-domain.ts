import { t } from '@vscode/l10n';
import { parseDocument } from '../../../language/xml/parse.ts';
import { childElement } from '../../../language/xml/tree.ts';

/** The definition that a snapshot keeps of its domain, as libvirt would write the domain alone. */
export function snapshotDomain(xml: string): string {
  const { root } = parseDocument(xml);
  const domain = root && (childElement(root, 'inactiveDomain') ?? childElement(root, 'domain'));
  if (domain === undefined) throw new Error(t('This snapshot keeps no definition of its domain'));
  const indent = xml.slice(xml.lastIndexOf('\n', domain.start) + 1, domain.start);
  const lines = xml.slice(domain.start, domain.end).split('\n');
  const text = lines.map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line)).join('\n');
  return `${text.replace(/^<inactiveDomain/, '<domain').replace(/<\/inactiveDomain>$/, '</domain>')}\n`;
}
