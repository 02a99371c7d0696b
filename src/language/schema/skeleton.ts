import type { XmlElement } from '../xml/tree.ts';
import { encodeAttribute, encodeText } from '../xml/entities.ts';
import type { AttributePattern, ElementPattern, Pattern } from './pattern.ts';
import type { Schema } from './schema.ts';
import { attributeLeaves, elementLeaves, requiredLeaves, takesAnyText, textualLeaves } from './survey.ts';
import { leafName, needsDeclaration, valuesOf } from './wording.ts';
import { listedNames } from './grammar.ts';

/** A value that a person has to fill in: one of a list, or, when it is open, anything of the kind. */
export interface Slot {
  readonly values: readonly string[];
  readonly open: boolean;
}

/** The least that an element needs to be complete, all the way down. */
export interface Skeleton {
  readonly name: string;
  readonly attributes: readonly { readonly name: string; readonly value: Slot }[];
  readonly children: readonly Skeleton[];
  /** The text it needs; undefined when it needs none. */
  readonly text: Slot | undefined;
  /** Whether it can hold nothing but attributes. */
  readonly isEmpty: boolean;
}

const MAX_DEPTH = 8;

/** What an element of this pattern needs. `near` is the element that it is to be put in. */
export function makeSkeleton(schema: Schema, leaf: ElementPattern, near?: XmlElement, depth = 0): Skeleton {
  const content = schema.content(leaf);
  const needs = depth > MAX_DEPTH ? [] : (requiredLeaves(content) ?? []);
  const attributes = needs
    .filter((each) => each.kind === 'attribute')
    .map((each) => ({ name: leafName(each, near), value: attributeSlot(each, content) }));
  const key = listedNames(leaf.nameClass)[0];
  const declaration = key === undefined ? undefined : needsDeclaration(key, near);
  if (declaration !== undefined) {
    const [name = '', value = ''] = declaration.replaceAll("'", '').split('=');
    attributes.unshift({ name, value: { values: [value], open: false } });
  }
  const textual = needs.filter((each) => each.kind !== 'attribute' && each.kind !== 'element');
  return {
    name: leafName(leaf, near),
    attributes,
    children: needs
      .filter((each) => each.kind === 'element')
      .map((each) => makeSkeleton(schema, each, near, depth + 1)),
    text: textual.length === 0 ? undefined : valuesOf(textual.length === 1 ? [content] : textual),
    isEmpty:
      elementLeaves(content).length === 0 && textualLeaves(content).length === 0 && !takesAnyText(content),
  };
}

/**
 * The values of an attribute. Those that the leaf itself allows come first; those that need other attributes or
 * children beside them follow.
 */
export function attributeSlot(leaf: AttributePattern, content: Pattern): Slot {
  const own = valuesOf([leaf.content]);
  const twins = attributeLeaves(content).filter((each) => isSameName(each, leaf));
  const all = valuesOf(twins.map((each) => each.content));
  return { values: [...new Set([...own.values, ...all.values])], open: own.open || all.open };
}

function isSameName(a: AttributePattern, b: AttributePattern): boolean {
  return typeof a.nameClass === 'string' && a.nameClass === b.nameClass;
}

/** How the slots of a skeleton are written; they are numbered from 1 on, in the order of the text. */
export type WriteSlot = (slot: Slot, number: number, encode: (value: string) => string) => string;

/** Plain text: the only value of a list, else nothing. */
export const plainSlot: WriteSlot = (slot, _number, encode) =>
  slot.values.length === 1 && !slot.open ? encode(slot.values[0] ?? '') : '';

/** Plain text that is as valid as can be: the first value of a list. */
export const firstValueSlot: WriteSlot = (slot, _number, encode) => encode(slot.values[0] ?? '');

/** A tab stop of an editor's snippet: a list to choose from, or a place to type in. */
export const snippetSlot: WriteSlot = (slot, number, encode) => {
  const [first] = slot.values;
  if (first === undefined) return `\${${number}}`;
  if (slot.values.length === 1 && !slot.open) return escapeSnippet(encode(first));
  if (slot.values.length === 1) return `\${${number}:${escapeSnippet(encode(first))}}`;
  const choices = slot.values.map((value) => encode(value).replaceAll(/[\\$},|]/g, String.raw`\$&`));
  return `\${${number}|${choices.join(',')}|}`;
};

function escapeSnippet(text: string): string {
  return text.replaceAll(/[\\$}]/g, String.raw`\$&`);
}

/**
 * Writes an element in libvirt's style. With snippet slots the last tab stop is inside the element, or behind it
 * when it is empty.
 */
export function writeSkeleton(skeleton: Skeleton, write: WriteSlot, unit = '  '): string {
  let number = 0;
  const next: WriteSlot = (slot, _number, encode) => {
    if (write === snippetSlot && slot.values.length === 1 && !slot.open) return write(slot, 0, encode);
    number += 1;
    return write(slot, number, encode);
  };
  const isSnippet = write === snippetSlot;
  const lines = (each: Skeleton, indent: string, isOutermost: boolean): string => {
    const attributes = each.attributes
      .map(({ name, value }) => ` ${name}='${next(value, 0, (text) => encodeAttribute(text, "'"))}'`)
      .join('');
    const open = `${indent}<${each.name}${attributes}`;
    if (each.text !== undefined) return `${open}>${next(each.text, 0, encodeText)}</${each.name}>`;
    if (each.children.length > 0) {
      const inner = each.children.map((child) => lines(child, indent + unit, false)).join('\n');
      const rest = isSnippet && isOutermost ? '$0' : '';
      return `${open}>\n${inner}${rest}\n${indent}</${each.name}>`;
    }
    if (each.isEmpty) return `${open}/>`;
    return isSnippet && isOutermost ? `${open}>$0</${each.name}>` : `${open}/>`;
  };
  return lines(skeleton, '', true);
}
