import { t } from '@vscode/l10n';
import { renameElement, setAttribute, type TextEdit } from '../xml/edit.ts';
import { prefixOf } from '../xml/namespaces.ts';
import { childElements, type XmlElement } from '../xml/tree.ts';
import type { Analysis } from './analysis.ts';
import { bestFirst } from './best-first.ts';
import type { Diagnostic, Fix } from './diagnostic.ts';
import { namespacesLike } from './namespaces.ts';

/** Declares the prefix on the root element, where libvirt itself writes it. */
export function declarations(analysis: Analysis, { start, end, expected }: Diagnostic): Fix[] {
  const { root, text } = analysis.document;
  if (root === undefined) return [];
  const name = `xmlns:${text.slice(start, end)}`;
  return bestFirst(
    analysis,
    expected.map((namespace) => ({
      title: t('Declare {0}="{1}"', name, namespace),
      edits: [setAttribute(root, name, namespace)],
      preferred: expected.length === 1,
    })),
  );
}

/**
 * Gives an element another name. Where it gets a prefix that was forgotten, what is inside gets it, too, and the prefix
 * is declared.
 */
export function renamed({ document, schema }: Analysis, element: XmlElement, name: string): TextEdit[] {
  const edits = renameElement(element, name);
  const prefix = prefixOf(name);
  const { root } = document;
  if (prefix === '' || prefixOf(element.name) !== '' || root === undefined) return edits;
  const inside = (around: XmlElement): void => {
    for (const child of childElements(around)) {
      if (prefixOf(child.name) === '') edits.push(...renameElement(child, `${prefix}:${child.name}`));
      inside(child);
    }
  };
  inside(element);
  for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent)
    if (at.attributes.some((each) => each.name === `xmlns:${prefix}`)) return edits;
  const [namespace] = namespacesLike(schema, prefix, name.slice(prefix.length + 1));
  if (namespace !== undefined) edits.push(setAttribute(root, `xmlns:${prefix}`, namespace));
  return edits;
}
