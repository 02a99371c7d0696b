import { t } from '@vscode/l10n';
import { childElements, type XmlDocument } from '../xml/tree.ts';
import type { Diagnostic } from './diagnostic.ts';

/**
 * The schema lets `<uuid>` stand anywhere in a domain, but libxml2, which libvirt itself validates with, accepts it
 * (and `<genid>`) only together with `<name>`: a document that is right is then refused by `virsh define --validate`.
 */
const TOGETHER: ReadonlyMap<string, readonly string[]> = new Map([
  ['domain', ['name', 'uuid', 'genid']],
  ['inactiveDomain', ['name', 'uuid', 'genid']],
]);

export function orderHints(document: XmlDocument): Diagnostic[] {
  const hints: Diagnostic[] = [];
  for (const element of document.elements) {
    const names = TOGETHER.get(element.key);
    if (names === undefined) continue;
    const children = childElements(element);
    const [first] = names;
    const anchor = children.findIndex((child) => child.key === first);
    if (anchor === -1) continue;
    let from = anchor;
    let to = anchor;
    while (from > 0 && names.includes(children[from - 1]?.key ?? '')) from -= 1;
    while (to + 1 < children.length && names.includes(children[to + 1]?.key ?? '')) to += 1;
    children.forEach((child, index) => {
      if (!names.includes(child.key) || (index >= from && index <= to)) return;
      hints.push({
        code: 'element-order',
        severity: 'hint',
        start: child.nameStart,
        end: child.nameEnd,
        message: t(
          '“virsh define --validate” refuses this order: <{0}> must be next to <{1}>.',
          child.name,
          first ?? '',
        ),
        element: child,
        expected: [],
        suggestions: [],
      });
    });
  }
  return hints;
}
