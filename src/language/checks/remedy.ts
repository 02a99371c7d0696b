import { t } from '@vscode/l10n';
import type { Fix } from '../schema/diagnostic.ts';
import { insertChild, removeElement, setAttribute, setContent, type TextEdit } from '../xml/edit.ts';
import { elementBelow } from '../xml/find.ts';
import type { XmlElement } from '../xml/tree.ts';

/** A fix; `certain` when nothing else can have been meant. */
export function remedy(title: string, edits: TextEdit | readonly TextEdit[], certain = false): Fix {
  return { title, edits: 'text' in edits ? [edits] : edits, preferred: certain };
}

export function removal(text: string, element: XmlElement, certain = false): Fix {
  return remedy(t('Remove <{0}>', element.name), removeElement(text, element), certain);
}

export function setting(element: XmlElement, name: string, value: string, certain = false): Fix {
  return remedy(t('Set {0} to “{1}”', name, value), setAttribute(element, name, value), certain);
}

/** Puts an element into one that may have to be made first: `child` into `<parent>` of `around`. */
export function addition(
  text: string,
  around: XmlElement,
  parent: string,
  child: string,
  certain = false,
): Fix {
  const found = elementBelow(around, parent);
  const edit =
    found === undefined
      ? insertChild(text, around, `<${parent}>\n  ${child}\n</${parent}>`)
      : insertChild(text, found, child);
  return remedy(t('Add {0}', child), edit, certain);
}

/** Another text for an element. */
export function replacement(text: string, element: XmlElement, value: string, certain = false): Fix {
  return remedy(t('Change to “{0}”', value), setContent(text, element, value), certain);
}
