import { elementAt } from '../xml/locate.ts';
import type { XmlDocument, XmlElement } from '../xml/tree.ts';
import type { Diagnostic } from './diagnostic.ts';

/**
 * Leaves out what only says that a person is still typing: errors at the cursor, and errors about an element
 * around it that is not closed or was only just begun.
 */
export function holdBack(
  document: XmlDocument,
  diagnostics: readonly Diagnostic[],
  cursor: number,
): Diagnostic[] {
  const unfinished = unfinishedElements(document, cursor);
  const inside = elementAt(document, cursor);
  const begun =
    inside !== undefined && !inside.children.some((node) => node.kind === 'element') ? inside : undefined;
  const ranges = unfinished.map((element) => ({ start: element.start, end: reach(document, element) }));
  return diagnostics.filter((diagnostic) => {
    if (diagnostic.start <= cursor && cursor <= diagnostic.end) return false;
    if (diagnostic.code.startsWith('missing-')) {
      if (diagnostic.element === begun) return false;
      if (unfinished.some(({ parent }) => parent !== undefined && parent === diagnostic.element))
        return false;
    }
    return !ranges.some(({ start, end }) => start <= diagnostic.start && diagnostic.start < end);
  });
}

function isUnfinished(element: XmlElement): boolean {
  return !element.startTagClosed || (!element.selfClosing && element.endTag === undefined);
}

/** The elements around the cursor that have no end yet, from the outside in. */
function unfinishedElements(document: XmlDocument, cursor: number): XmlElement[] {
  const found: XmlElement[] = [];
  let nodes = document.children;
  for (;;) {
    let around: XmlElement | undefined;
    for (const node of nodes) {
      if (node.start > cursor) break;
      if (node.kind === 'element' && cursor <= reach(document, node)) around = node;
    }
    if (around === undefined) return found;
    // Where the root is not closed the whole document would be silent.
    if (isUnfinished(around) && around !== document.root) found.push(around);
    nodes = around.children;
  }
}

/** How far an element reaches; one without an end could go on to the next node. */
function reach(document: XmlDocument, element: XmlElement): number {
  if (!isUnfinished(element)) return element.end;
  const siblings = element.parent?.children ?? document.children;
  for (const node of siblings) if (node.kind !== 'text' && node.start > element.start) return node.start;
  return (
    element.parent?.endTag?.start ?? (element.parent ? reach(document, element.parent) : document.text.length)
  );
}
