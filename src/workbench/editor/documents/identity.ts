import type { ObjectName } from '../../../model/inventory/kinds/kind.ts';
import { kindOf } from '../../../model/inventory/kinds/kinds.ts';
import { LineIndex } from '../../../language/xml/line-index.ts';
import { parseDocument } from '../../../language/xml/parse.ts';
import { childElement, type TextRange, textOf, type XmlDocument } from '../../../language/xml/tree.ts';

/** Why a text is not even sent to the host, and where that shows. */
export interface Objection {
  readonly sentence: string;
  readonly range: TextRange;
}

/** Whether the text is XML and still about the object that was opened, whose definition is `before`. */
export function objectionTo(text: string, name: ObjectName, before: string): Objection | undefined {
  const document = parseDocument(text);
  return notWellFormed(document) ?? otherObject(document, parseDocument(before), name);
}

function notWellFormed({ problems, text }: XmlDocument): Objection | undefined {
  const [problem] = problems;
  if (problem === undefined) return undefined;
  const line = new LineIndex(text).lineAt(problem.start) + 1;
  return { sentence: `Line ${line}: ${problem.message.replace(/\.$/, '')}`, range: problem };
}

/** Fields that say which object it is: with another value libvirt would make, or replace, another one. */
const IDENTITY = ['name', 'uuid'] as const;

function otherObject(document: XmlDocument, before: XmlDocument, name: ObjectName): Objection | undefined {
  const { root } = document;
  const { xml, words } = kindOf(name.kind);
  const wanted = xml.root;
  const word = words.one;
  if (root === undefined || before.root === undefined) return undefined;
  const start = { start: root.nameStart, end: root.nameEnd };
  if (root.key !== wanted)
    return { sentence: `The root element of a ${word} is <${wanted}>, not <${root.name}>`, range: start };
  for (const field of IDENTITY) {
    const was = childElement(before.root, field);
    if (was === undefined) continue;
    const is = childElement(root, field);
    const old = textOf(was).trim();
    if (is === undefined) {
      const sentence = `<${field}>${old}</${field}> is missing: it says which ${word} this is. Put it back`;
      return { sentence, range: start };
    }
    if (sameValue(field, old, textOf(is).trim())) continue;
    return { sentence: changed(field, old, textOf(is).trim(), name), range: is };
  }
  return undefined;
}

function sameValue(field: string, a: string, b: string): boolean {
  const plain = (value: string) => (field === 'uuid' ? value.replaceAll('-', '').toLowerCase() : value);
  return plain(a) === plain(b);
}

function changed(field: string, old: string, now: string, { kind }: ObjectName): string {
  const word = kindOf(kind).words.one;
  const what = field === 'uuid' ? 'UUID' : 'name';
  const instead = kind === 'domain' && field === 'name' ? ', use Rename… to give it another name,' : '';
  return `The ${what} is ${now === '' ? 'empty' : now}, but this ${word} has ${old}: put ${old} back${instead} or define the text as a new ${word}`;
}
