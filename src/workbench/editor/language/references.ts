import { attributeOf, textOf, type TextRange, type XmlDocument } from '../../../language/xml/tree.ts';
import { valueRange } from '../../../language/checks/measure.ts';

/** A place that names something on the host: a network, a pool, a volume of a pool, or a file by its path. */
export interface Reference extends TextRange {
  readonly kind: 'network' | 'pool' | 'volume' | 'file';
  readonly name: string;
  readonly pool?: string;
}

/** All that a document refers to. */
export function linksIn({ elements }: XmlDocument): Reference[] {
  const found: Reference[] = [];
  for (const element of elements) {
    if (element.key === 'path' && element.endTag !== undefined && element.parent?.key === 'backingStore')
      found.push({
        kind: 'file',
        name: textOf(element).trim(),
        start: element.startTagEnd,
        end: element.endTag.start,
      });
    if (element.key !== 'source') continue;
    const pool = attributeOf(element, 'pool')?.value;
    for (const kind of ['network', 'pool', 'volume', 'file'] as const) {
      const attribute = attributeOf(element, kind);
      if (attribute === undefined || attribute.value === '') continue;
      found.push({
        kind,
        name: attribute.value,
        ...valueRange(attribute),
        ...(pool !== undefined && { pool }),
      });
    }
  }
  return found;
}
