import { expandedName, prefixOf, splitExpandedName } from '../xml/namespaces.ts';
import { attributeOf, childElements, textOf, type XmlElement } from '../xml/tree.ts';
import { SchemaError, type NameClass } from './grammar.ts';

export const RELAXNG = 'http://relaxng.org/ns/structure/1.0';

/** The local name of one of RelaxNG's own elements; undefined for annotations. */
export function relaxngName(element: XmlElement): string | undefined {
  const { namespace, local } = splitExpandedName(element.key);
  return namespace === RELAXNG ? local : undefined;
}

/** The names of an `element` or `attribute` pattern, and how many of its children said so. */
export function readNameClass(
  element: XmlElement,
  kind: 'element' | 'attribute',
  around: { readonly file: string; readonly namespace: string },
): { readonly nameClass: NameClass; readonly children: number } {
  const written = attributeOf(element, 'name')?.value.trim();
  if (written !== undefined) {
    // Other than an element's, an attribute's name is in no namespace unless the pattern itself says so.
    const own = attributeOf(element, 'ns')?.value;
    const namespace = kind === 'element' ? (own ?? around.namespace) : (own ?? '');
    return { nameClass: qualified(element, written, namespace, around.file), children: 0 };
  }
  const first = childElements(element).find((child) => relaxngName(child) !== undefined);
  if (first === undefined) throw new SchemaError(`${around.file}: <${kind}> without a name`);
  return { nameClass: nameClassOf(first, around), children: 1 };
}

function nameClassOf(
  element: XmlElement,
  around: { readonly file: string; readonly namespace: string },
): NameClass {
  const namespace = attributeOf(element, 'ns')?.value ?? around.namespace;
  const inside = { file: around.file, namespace };
  const children = childElements(element).filter((child) => relaxngName(child) !== undefined);
  switch (relaxngName(element)) {
    case 'name':
      return qualified(element, textOf(element).trim(), namespace, around.file);
    case 'choice':
      return { oneOf: children.map((child) => nameClassOf(child, inside)) };
    case 'anyName':
      return { any: true, ...exceptOf(children[0], inside) };
    case 'nsName':
      return { namespace, ...exceptOf(children[0], inside) };
    default:
      throw new SchemaError(`${around.file}: <${element.name}> is no class of names`);
  }
}

function exceptOf(
  element: XmlElement | undefined,
  around: { readonly file: string; readonly namespace: string },
): { except?: NameClass } {
  if (element === undefined) return {};
  const namespace = attributeOf(element, 'ns')?.value ?? around.namespace;
  const children = childElements(element).filter((child) => relaxngName(child) !== undefined);
  const classes = children.map((child) => nameClassOf(child, { file: around.file, namespace }));
  return { except: classes.length === 1 && classes[0] !== undefined ? classes[0] : { oneOf: classes } };
}

function qualified(element: XmlElement, name: string, namespace: string, file: string): string {
  const prefix = prefixOf(name);
  if (prefix === '') return expandedName(namespace, name);
  const local = name.slice(prefix.length + 1);
  for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent) {
    const found = at.attributes.find((attribute) => attribute.name === `xmlns:${prefix}`);
    if (found !== undefined) return expandedName(found.value, local);
  }
  throw new SchemaError(`${file}: nothing declares the prefix “${prefix}”`);
}
