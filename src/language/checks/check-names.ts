import { t } from '@vscode/l10n';
import type { Fix } from '../schema/diagnostic.ts';
import { encodeText } from '../xml/entities.ts';
import { childElement, textOf, type XmlElement } from '../xml/tree.ts';
import type { Finding } from './finding.ts';
import { contentRange } from './measure.ts';
import { replacement } from './remedy.ts';

/** What a name is also part of, so that some characters cannot be in it. */
const NAMED: ReadonlySet<string> = new Set([
  'domain',
  'network',
  'pool',
  'volume',
  'domainsnapshot',
  'domaincheckpoint',
]);

/** Names become names of files: `/` and line breaks cannot be in them. */
export function checkName(text: string, root: XmlElement): Finding[] {
  const element = NAMED.has(root.key) ? childElement(root, 'name') : undefined;
  if (element === undefined) return [];
  const name = textOf(element);
  const message = complaint(root.key, name);
  if (message === undefined) return [];
  return [{ ...contentRange(element), code: 'name', message, fixes: better(text, element, name) }];
}

function complaint(kind: string, name: string): string | undefined {
  // White space around it is told of as that.
  const inner = name.trim();
  if (inner.includes('/')) return t('A name cannot contain “/”, since files are called after it.');
  if (/[\r\n]/.test(inner)) return t('A name cannot go over several lines.');
  if ((inner === '.' || inner === '..') && kind !== 'network' && kind !== 'pool')
    return t('“{0}” cannot be a name: it stands for a folder.', inner);
  return undefined;
}

function better(text: string, element: XmlElement, name: string): Fix[] {
  const plain = name
    .trim()
    .replaceAll(/\s*[\r\n]+\s*/g, ' ')
    .replaceAll('/', '-');
  return plain === '' || /^\.+$/.test(plain) ? [] : [replacement(text, element, encodeText(plain))];
}
