import { parseDocument } from '../../../src/language/xml/parse.ts';
import { childElements, type XmlElement } from '../../../src/language/xml/tree.ts';
import { plain } from './prose.ts';

/**
 * What the examples in a part of a page show, each once: `disk/source` for an element in another, `/disk` for one
 * that an example begins with, `source@file` for an attribute.
 */
export function shownIn(element: XmlElement, withNested: boolean): string[] {
  const shown = new Set<string>();
  for (const example of examplesIn(element, withNested))
    for (const each of parseDocument(`<example>${plain(example)}</example>`).elements.slice(1)) {
      shown.add(`${each.parent?.parent === undefined ? '' : each.parent.name}/${each.name}`);
      for (const attribute of each.attributes) shown.add(`${each.name}@${attribute.name}`);
    }
  return [...shown].filter((pair) => /^[\w:.-]*[/@][\w:.-]+$/.test(pair));
}

function examplesIn(element: XmlElement, withNested: boolean): XmlElement[] {
  return childElements(element).flatMap((child) => {
    if (child.name === 'pre') return [child];
    return child.name === 'section' && !withNested ? [] : examplesIn(child, withNested);
  });
}

/** The names of the elements and attributes among what is shown. */
export function namesShown(shown: readonly string[]): Set<string> {
  return new Set(shown.flatMap((pair) => pair.split(/[/@]/)).filter((name) => name !== ''));
}
